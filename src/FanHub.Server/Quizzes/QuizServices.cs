using FanHub.Server.Leaderboards;
using FanHub.Server.Questions;
using FanHub.Server.Storage;

namespace FanHub.Server.Quizzes;

/// <summary>Quizzes, for editors.</summary>
internal static class QuizServices
{
    /// <summary>Adds them.</summary>
    public static void AddQuizzes(this IServiceCollection services)
    {
        services.AddScoped<QuizSteps>();
        services.AddSingleton<IDueWork, QuizzesDue>();
        services.AddSingleton<ILiveContent, QuizLiveItems>();
        services.AddSingleton<IAwardSource, QuizAwards>();
    }
}
