using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Questions;

namespace FanHub.Server.Quizzes;

/// <summary>The rules for a quiz's body.</summary>
internal static class QuizRules
{
    private const int MaxQuestions = 100;
    private const int MaxText = 500;
    private const int MaxExplanation = 1000;
    private const int DefaultPoints = 1000;
    private const int MaxPoints = 10_000;
    private const int MaxStreakBonus = 1000;
    private const int MaxSeconds = 3600;
    private const int DefaultPause = 5;
    private const int MaxPause = 600;

    /// <summary>Checks the body and fills in what is absent.</summary>
    /// <param name="body">The body.</param>
    /// <param name="channel">The quiz's channel; null where there is no such channel, which is noted as a mistake.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="FanHubException"><c>invalid</c>, naming everything that is wrong.</exception>
    public static QuizContent Check(QuizBody body, Channel? channel, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        QuestionRules.CheckChannel(errors, body.Channel, channel);
        Locales.Check(errors, "title", body.Title, MaxText, channel?.DefaultLocale);
        errors.Check(body.Scoring is null || Enum.IsDefined(body.Scoring.Value), "scoring", "has to be speed, accuracy or floor");
        errors.Check(body.StreakBonus is null or (>= 0 and <= MaxStreakBonus), "streakBonus", $"has to be from 0 to {MaxStreakBonus}");
        errors.Check(body.Pace is null || Enum.IsDefined(body.Pace.Value), "pace", "has to be manual or timed");
        errors.Check(body.PauseSeconds is null or (>= 1 and <= MaxPause), "pauseSeconds", $"has to be from 1 to {MaxPause}");
        QuestionRules.CheckLateWindow(errors, body.LateWindowMs);
        Moments.Check(errors, "opensAt", body.OpensAt, now);
        var questions = CheckQuestions(errors, body.Questions ?? [], channel?.DefaultLocale);
        errors.ThrowIfAny();
        return new QuizContent
        {
            Title = body.Title!,
            Scoring = body.Scoring ?? QuizScoring.Speed,
            StreakBonus = body.StreakBonus ?? 0,
            Pace = body.Pace ?? QuizPace.Manual,
            PauseSeconds = body.PauseSeconds ?? DefaultPause,
            MoreTime = body.MoreTime ?? true,
            LateWindowMs = body.LateWindowMs ?? 0,
            OpensAt = body.OpensAt,
            Questions = questions,
        };
    }

    /// <summary>Refuses a quiz with a question whose item would not fit into a channel.</summary>
    public static void CheckSize(Quiz quiz)
    {
        for (var i = 0; i < quiz.Questions.Count; i++)
        {
            if (QuizItems.LargestSize(quiz, i) > Item.MaxDataBytes)
            {
                throw FieldErrors.Single($"questions[{i}]", $"has texts that together take more than {Item.MaxDataBytes / 1024} KiB");
            }
        }
    }

    /// <summary>Refuses to publish a quiz that lacks a language which its channel requires, in whatever question.</summary>
    public static void CheckLanguages(Quiz quiz, Channel channel)
    {
        var languages = new RequiredTexts(channel);
        languages.Check("title", quiz.Title);
        for (var i = 0; i < quiz.Questions.Count; i++)
        {
            var question = quiz.Questions[i];
            languages.Check($"questions[{i}].text", question.Text);
            languages.Check($"questions[{i}].explanation", question.Explanation);
            for (var o = 0; o < question.Options.Count; o++)
            {
                languages.Check($"questions[{i}].options[{o}].label", question.Options[o].Label);
            }
        }

        languages.ThrowIfAny();
    }

    private static List<QuizQuestion> CheckQuestions(FieldErrors errors, List<QuizBodyQuestion?> questions, string? defaultLocale)
    {
        errors.Check(questions.Count is >= 1 and <= MaxQuestions, "questions", $"has to have from 1 to {MaxQuestions} entries");
        var ids = OptionRules.MadeUpIds(questions.Select(q => q?.Id));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var result = new List<QuizQuestion>(questions.Count);
        for (var i = 0; i < Math.Min(questions.Count, MaxQuestions); i++)
        {
            errors.Check(OptionRules.IsId(ids[i]), $"questions[{i}].id", "has to be 1 to 32 letters, digits, hyphens or underscores");
            errors.Check(seen.Add(ids[i]), $"questions[{i}].id", "is there twice");
            result.Add(CheckQuestion(errors, $"questions[{i}]", ids[i], questions[i] ?? new QuizBodyQuestion(), defaultLocale));
        }

        return result;
    }

    private static QuizQuestion CheckQuestion(FieldErrors errors, string field, string id, QuizBodyQuestion body, string? defaultLocale)
    {
        Locales.Check(errors, $"{field}.text", body.Text, MaxText, defaultLocale);
        if (body.Explanation is not null)
        {
            Locales.Check(errors, $"{field}.explanation", body.Explanation, MaxExplanation, defaultLocale);
        }

        var options = OptionRules.Check(errors, $"{field}.options", body.Options ?? [], defaultLocale);
        var maxChoices = body.MaxChoices ?? 1;
        errors.Check(maxChoices >= 1 && maxChoices <= Math.Max(1, options.Count), $"{field}.maxChoices", "has to be from 1 to the number of options");
        errors.Check(body.Correct is { Count: > 0 }, $"{field}.correct", "is needed: at least one option's id");
        for (var i = 0; i < body.Correct?.Count; i++)
        {
            errors.Check(options.Any(o => string.Equals(o.Id, body.Correct[i], StringComparison.Ordinal)), $"{field}.correct[{i}]", "is not one of the options");
            errors.Check(body.Correct.IndexOf(body.Correct[i]) == i, $"{field}.correct[{i}]", "is there twice");
        }

        var correct = body.Correct?.OfType<string>().Distinct(StringComparer.Ordinal).ToList() ?? [];
        errors.Check(maxChoices == 1 || correct.Count <= maxChoices, $"{field}.correct", "has more options than an answer may name");
        errors.Check(body.Points is null or (>= 0 and <= MaxPoints), $"{field}.points", $"has to be from 0 to {MaxPoints}");
        errors.Check(body.Seconds is >= 1 and <= MaxSeconds, $"{field}.seconds", body.Seconds is null ? "is needed" : $"has to be from 1 to {MaxSeconds}");
        return new QuizQuestion
        {
            Id = id,
            Text = body.Text ?? [],
            Options = options,
            Correct = correct,
            MaxChoices = maxChoices,
            Points = body.Points ?? DefaultPoints,
            Seconds = body.Seconds ?? 1,
            Explanation = body.Explanation,
        };
    }
}
