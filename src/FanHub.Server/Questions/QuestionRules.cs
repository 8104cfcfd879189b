using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;

namespace FanHub.Server.Questions;

/// <summary>The rules for the body of a poll or a prediction.</summary>
internal static class QuestionRules
{
    private const int MaxTitle = 500;
    private const int MaxSeconds = 7 * 24 * 3600;

    /// <summary>The longest that ballots behind a delayed video may count, in ms.</summary>
    public const int MaxLateWindowMs = 600_000;

    /// <summary>Checks the body and fills in what is absent.</summary>
    /// <param name="body">The body.</param>
    /// <param name="channel">The channel; null where there is no such channel, which is noted as a mistake.</param>
    /// <param name="now">The time.</param>
    /// <param name="more">Checks what a kind adds.</param>
    /// <exception cref="FanHubException"><c>invalid</c>, naming everything that is wrong.</exception>
    public static QuestionContent Check(QuestionBody body, Channel? channel, DateTimeOffset now, Action<FieldErrors>? more = null)
    {
        var errors = new FieldErrors();
        CheckChannel(errors, body.Channel, channel);
        Locales.Check(errors, "title", body.Title, MaxTitle, channel?.DefaultLocale);
        var options = OptionRules.Check(errors, "options", body.Options ?? [], channel?.DefaultLocale);
        var maxChoices = body.MaxChoices ?? 1;
        errors.Check(maxChoices >= 1 && maxChoices <= Math.Max(1, options.Count), "maxChoices", "has to be from 1 to the number of options");
        errors.Check(body.Visibility is null || Enum.IsDefined(body.Visibility.Value), "visibility", "has to be live, after_vote, after_close or never");
        Moments.Check(errors, "opensAt", body.OpensAt, now);
        Moments.Check(errors, "closesAt", body.ClosesAt, now);
        errors.Check(body.ClosesAt is null || body.OpensAt is null || body.ClosesAt > body.OpensAt, "closesAt", "has to be after opensAt");
        errors.Check(body.Seconds is null or (>= 1 and <= MaxSeconds), "seconds", $"has to be from 1 to {MaxSeconds}");
        errors.Check(body.Seconds is null || body.ClosesAt is null, "seconds", "and closesAt exclude one another");
        CheckLateWindow(errors, body.LateWindowMs);
        more?.Invoke(errors);
        errors.ThrowIfAny();
        return new QuestionContent
        {
            Title = body.Title!,
            Options = options,
            MaxChoices = maxChoices,
            Changeable = body.Changeable ?? false,
            Visibility = body.Visibility ?? TallyVisibility.Live,
            OpensAt = body.OpensAt,
            ClosesAt = body.ClosesAt,
            Seconds = body.Seconds,
            LateWindowMs = body.LateWindowMs ?? 0,
        };
    }

    /// <summary>Notes a channel that is missing, does not exist, or is another one than before.</summary>
    public static void CheckChannel(FieldErrors errors, string? named, Channel? channel)
    {
        errors.Check(channel is not null, "channel", named is null ? "is needed" : "does not exist");
        errors.Check(channel is null || named is null || string.Equals(channel.Id, named, StringComparison.Ordinal), "channel", "cannot be changed");
    }

    /// <summary>Notes a window for delayed videos that is out of range.</summary>
    public static void CheckLateWindow(FieldErrors errors, int? lateWindowMs) =>
        errors.Check(lateWindowMs is null or (>= 0 and <= MaxLateWindowMs), "lateWindowMs", $"has to be from 0 to {MaxLateWindowMs}");

    /// <summary>Refuses a question whose item would not fit into a channel: texts that are each short enough may together be too long.</summary>
    public static void CheckSize(Question question)
    {
        if (QuestionItems.LargestSize(question) > Item.MaxDataBytes)
        {
            throw FieldErrors.Single("options", $"together with all texts take more than {Item.MaxDataBytes / 1024} KiB");
        }
    }

    /// <summary>Refuses to publish a question that lacks a language which its channel requires.</summary>
    public static void CheckLanguages(Question question, Channel channel)
    {
        var languages = new RequiredTexts(channel);
        languages.Check("title", question.Title);
        for (var i = 0; i < question.Options.Count; i++)
        {
            languages.Check($"options[{i}].label", question.Options[i].Label);
        }

        languages.ThrowIfAny();
    }
}
