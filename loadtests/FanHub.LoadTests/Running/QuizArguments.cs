using System.CommandLine;
using FanHub.Contracts;
using FanHub.LoadTests.Quizzes;
using FanHub.LoadTests.Scoring;

namespace FanHub.LoadTests.Running;

/// <summary>What the command line says about the scenarios <c>quiz-night</c> and <c>scoring</c> alone.</summary>
internal sealed class QuizArguments
{
    private const int Participants = 2_000;
    private const int MostOnQuizNight = 100_000;
    private const int MostScored = 2_000_000;

    private readonly Option<int[]> _participants = new("--participants") { Description = $"quiz-night: fans, each with a connection of its own, by default {Participants}. scoring: how many are scored; repeatable, by default {string.Join(", ", ScoringLoad.Standard)}.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _questions = Numbers.Between("--questions", 5, 1, 100, "quiz-night, scoring: questions.");
    private readonly Option<string> _scoring = new("--scoring") { Description = "quiz-night: how answers earn points: speed, accuracy or floor.", DefaultValueFactory = _ => "speed" };
    private readonly Option<int> _streakBonus = Numbers.Between("--streak-bonus", 0, 0, 1_000, "quiz-night, scoring: what each right answer in a row after the first adds.");
    private readonly Option<double> _right = Numbers.Between("--right", 60.0, 0, 100, "quiz-night: percentage of the answers that are right.");
    private readonly Option<string?> _redis = new("--redis") { Description = "scoring: a Redis of this machine that nobody else needs, as host:port. Default: none, files instead." };

    /// <summary>Lets the command have them.</summary>
    public void AddTo(RootCommand command)
    {
        _scoring.AcceptOnlyFromAmong("speed", "accuracy", "floor");
        _participants.Validators.Add(given =>
        {
            if ((given.GetValueOrDefault<int[]>() ?? []).Any(p => p is < 1 or > MostScored))
            {
                given.AddError(FormattableString.Invariant($"{given.Option.Name} has to be from 1 to {MostScored}."));
            }
        });
        _redis.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string?>() is { } address && (Loopback.Read($"http://{address}", out var read) is not null || read.IsDefaultPort))
            {
                given.AddError($"'{address}' is not a Redis of this machine, as 127.0.0.1:6379.");
            }
        });
        foreach (var option in (Option[])[_participants, _questions, _scoring, _streakBonus, _right, _redis])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What they say about a quiz night.</summary>
    public QuizLoad ReadQuiz(ParseResult parsed, double seconds) => new()
    {
        Participants = Math.Min(parsed.GetValue(_participants) is [var first, ..] ? first : Participants, MostOnQuizNight),
        Questions = parsed.GetValue(_questions),
        Seconds = (int)Math.Ceiling(seconds),
        Scoring = Enum.Parse<QuizScoring>(parsed.GetValue(_scoring)!, ignoreCase: true),
        StreakBonus = parsed.GetValue(_streakBonus),
        Right = parsed.GetValue(_right),
    };

    /// <summary>What they say about scoring.</summary>
    public ScoringLoad ReadScoring(ParseResult parsed) => new()
    {
        Redis = parsed.GetValue(_redis),
        Participants = parsed.GetValue(_participants) is { Length: > 0 } given ? given : ScoringLoad.Standard,
        Questions = parsed.GetValue(_questions),
        StreakBonus = parsed.GetValue(_streakBonus),
    };
}
