using System.Text.RegularExpressions;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;

namespace FanHub.Server.Polls;

/// <summary>What an editor says of a poll: the body of <c>POST polls</c> and <c>PUT polls/{id}</c>.</summary>
internal sealed record PollBody
{
    /// <summary>The channel that it appears in. Needed to make a poll; when it is changed, the same one or absent.</summary>
    public string? Channel { get; init; }

    /// <summary>The question, by language, the channel's default one among them; at most 500 characters each.</summary>
    public Dictionary<string, string>? Title { get; init; }

    /// <summary>2 to 64 options, in the order that fans see.</summary>
    public List<PollBodyOption?>? Options { get; init; }

    /// <summary>How many options one ballot may name; 1 where absent.</summary>
    public int? MaxChoices { get; init; }

    /// <summary>Whether a fan may replace the ballot until closing; false where absent.</summary>
    public bool? Changeable { get; init; }

    /// <summary>Who may see the count, and when; <c>live</c> where absent.</summary>
    public TallyVisibility? Visibility { get; init; }

    /// <summary>When it is to open, within five years; absent: when somebody opens it.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>When it is to close, within five years; absent: when somebody closes it.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>How much later, in ms, ballots behind a delayed video count; 0 to 600000, 0 where absent.</summary>
    public int? LateWindowMs { get; init; }
}

/// <summary>One option.</summary>
internal sealed record PollBodyOption
{
    /// <summary>Its id, unique in the poll: 1 to 32 letters, digits, hyphens or underscores; made up where absent.</summary>
    public string? Id { get; init; }

    /// <summary>Its text, by language, the channel's default one among them; at most 200 characters each.</summary>
    public Dictionary<string, string>? Label { get; init; }
}

/// <summary>The rules for a poll's body.</summary>
internal static partial class PollRules
{
    private const int MinOptions = 2;
    private const int MaxOptions = 64;
    private const int MaxTitle = 500;
    private const int MaxLabel = 200;
    private const int MaxLateWindowMs = 600_000;
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(5 * 366);

    /// <summary>Checks the body and fills in what is absent.</summary>
    /// <param name="body">The body.</param>
    /// <param name="channel">The poll's channel; null where there is no such channel, which is noted as a mistake.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="FanHubException"><c>invalid</c>, naming everything that is wrong.</exception>
    public static PollContent Check(PollBody body, Channel? channel, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        errors.Check(channel is not null, "channel", body.Channel is null ? "is needed" : "does not exist");
        errors.Check(channel is null || body.Channel is null || string.Equals(channel.Id, body.Channel, StringComparison.Ordinal), "channel", "cannot be changed");
        Locales.Check(errors, "title", body.Title, MaxTitle, channel?.DefaultLocale);
        var options = CheckOptions(errors, body.Options ?? [], channel?.DefaultLocale);
        var maxChoices = body.MaxChoices ?? 1;
        errors.Check(maxChoices >= 1 && maxChoices <= Math.Max(1, options.Count), "maxChoices", "has to be from 1 to the number of options");
        errors.Check(body.Visibility is null || Enum.IsDefined(body.Visibility.Value), "visibility", "has to be live, after_vote, after_close or never");
        errors.Check(body.OpensAt is null || body.OpensAt > now, "opensAt", "is in the past");
        errors.Check(body.OpensAt is null || body.OpensAt < now + Furthest, "opensAt", $"is more than {Furthest.TotalDays:0} days away");
        errors.Check(body.ClosesAt is null || body.ClosesAt > now, "closesAt", "is in the past");
        errors.Check(body.ClosesAt is null || body.ClosesAt < now + Furthest, "closesAt", $"is more than {Furthest.TotalDays:0} days away");
        errors.Check(body.ClosesAt is null || body.OpensAt is null || body.ClosesAt > body.OpensAt, "closesAt", "has to be after opensAt");
        errors.Check(body.LateWindowMs is null or (>= 0 and <= MaxLateWindowMs), "lateWindowMs", $"has to be from 0 to {MaxLateWindowMs}");
        errors.ThrowIfAny();
        return new PollContent
        {
            Title = body.Title!,
            Options = options,
            MaxChoices = maxChoices,
            Changeable = body.Changeable ?? false,
            Visibility = body.Visibility ?? TallyVisibility.Live,
            OpensAt = body.OpensAt,
            ClosesAt = body.ClosesAt,
            LateWindowMs = body.LateWindowMs ?? 0,
        };
    }

    /// <summary>Refuses a poll whose item would not fit into a channel: texts that are each short enough may together be too long.</summary>
    public static void CheckSize(Poll poll)
    {
        if (PollItems.LargestSize(poll) > Item.MaxDataBytes)
        {
            throw FieldErrors.Single("options", $"together with all texts take more than {Item.MaxDataBytes / 1024} KiB");
        }
    }

    /// <summary>Refuses to publish a poll that lacks a language which its channel requires.</summary>
    public static void CheckLanguages(Poll poll, Channel channel)
    {
        var errors = new FieldErrors();
        string[] required = [channel.DefaultLocale, .. channel.RequiredLocales];
        Note("title", poll.Title);
        for (var i = 0; i < poll.Options.Count; i++)
        {
            Note($"options[{i}].label", poll.Options[i].Label);
        }

        errors.ThrowIfAny();

        void Note(string field, Dictionary<string, string> texts)
        {
            var missing = Locales.Missing(texts, required).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            errors.Check(missing.Count == 0, field, $"lacks {string.Join(", ", missing)}, which the channel requires");
        }
    }

    private static List<PollOption> CheckOptions(FieldErrors errors, List<PollBodyOption?> options, string? defaultLocale)
    {
        errors.Check(options.Count is >= MinOptions and <= MaxOptions, "options", $"has to have from {MinOptions} to {MaxOptions} entries");
        var given = options.Select(o => o?.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var free = Enumerable.Range(0, int.MaxValue).Select(MadeUpId).Where(id => !given.Contains(id)).GetEnumerator();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var result = new List<PollOption>(options.Count);
        for (var i = 0; i < Math.Min(options.Count, MaxOptions); i++)
        {
            var id = options[i]?.Id;
            if (id is null)
            {
                free.MoveNext();
                id = free.Current;
            }

            errors.Check(OptionId().IsMatch(id), $"options[{i}].id", "has to be 1 to 32 letters, digits, hyphens or underscores");
            errors.Check(seen.Add(id), $"options[{i}].id", "is there twice");
            Locales.Check(errors, $"options[{i}].label", options[i]?.Label, MaxLabel, defaultLocale);
            result.Add(new PollOption(id, options[i]?.Label ?? []));
        }

        return result;
    }

    // a to z, then aa, ab…
    private static string MadeUpId(int index) => index < 26 ? ((char)('a' + index)).ToString() : MadeUpId((index / 26) - 1) + (char)('a' + (index % 26));

    [GeneratedRegex("^[A-Za-z0-9_-]{1,32}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OptionId();
}
