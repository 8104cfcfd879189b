using FanHub.Server.Fans;
using FanHub.Server.Leaderboards;
using FanHub.Server.Polls;
using FanHub.Server.Predictions;
using FanHub.Server.Quizzes;
using FanHub.Server.Storage;

namespace FanHub.Server.Questions;

/// <summary>What is asked of fans: its steps, its clock, its counts.</summary>
internal static class QuestionServices
{
    /// <summary>Adds it.</summary>
    public static void AddQuestions(this IServiceCollection services)
    {
        services.AddSingleton<SecretKeys>();
        services.AddSingleton<Certification>();
        services.AddSingleton<RunningCounts>();
        services.AddSingleton<SealedBoxes>();
        services.AddScoped<QuestionSteps>();
        services.AddSingleton<DueClockSignal>();
        // The clock first: what came due while no node was up does not wait for the dry run.
        services.AddHostedService<DueClock>();
        services.AddHostedService<ClockDryRun>();
        services.AddQuestion<Poll>();
        services.AddQuestion<Prediction>();
        services.AddSingleton<IDueWork, UnitsDue>();
        services.AddSingleton<IAwardSource, PredictionAwards>();
        services.AddSingleton<ILiveContent, PredictionBoardLiveItems>();
        services.AddQuizzes();
        services.AddAwards();
    }

    private static void AddQuestion<T>(this IServiceCollection services)
        where T : Question
    {
        services.AddSingleton<IDueWork, QuestionsDue<T>>();
        services.AddSingleton<ILiveContent, QuestionLiveItems<T>>();
    }
}
