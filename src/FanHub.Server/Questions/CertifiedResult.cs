using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FanHub.Server.Ballots;

namespace FanHub.Server.Questions;

/// <summary>The count that stands: taken from all ballots after the box was sealed.</summary>
internal sealed record CertifiedResult
{
    /// <summary>For each option, by id, how many ballots name it.</summary>
    public required Dictionary<string, long> Counts { get; init; }

    /// <summary>How many ballots there are.</summary>
    public required long Ballots { get; init; }

    /// <summary>How many fans' ballots were accepted; the same as <see cref="Ballots"/>.</summary>
    public required long Accepted { get; init; }

    /// <summary>How many ballots replaced an earlier one.</summary>
    public required long Changed { get; init; }

    /// <summary>How many were resends.</summary>
    public required long Repeated { get; init; }

    /// <summary>How many had come too late when the box was sealed.</summary>
    public required long Late { get; init; }

    /// <summary>How many had been refused for another reason.</summary>
    public required long Refused { get; init; }

    /// <summary>When it opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it closed: the planned moment, or when an editor closed it earlier.</summary>
    public required DateTimeOffset ClosedAt { get; init; }

    /// <summary>When the box was found sealed and counted.</summary>
    public required DateTimeOffset CertifiedAt { get; init; }

    /// <summary>The box's sequence: orders this count among those that fans were sent.</summary>
    public required long Sequence { get; init; }

    /// <summary>SHA-256, in lower-case hexadecimal, of <see cref="CanonicalText"/>.</summary>
    public required string Digest { get; init; }

    /// <summary>Set where the running count was another one than the recount: something is broken, and somebody has to look.</summary>
    public CountMismatch? Mismatch { get; init; }

    /// <summary>
    /// What the digest is taken of: UTF-8 lines, each ended by a line feed: <c>fanhub-result-v1</c>, then <c>name=value</c> for the kind with the box's id (<c>poll=…</c>, <c>prediction=…</c>, <c>quiz=…</c>), <c>channel</c>, <c>opened</c>,
    /// <c>closed</c> (Unix milliseconds), <c>ballots</c>, <c>changed</c>, <c>repeated</c>, <c>late</c>, <c>refused</c>, and <c>option:ID=count</c> for each option in their order.
    /// </summary>
    public static string CanonicalText(string kind, string interaction, string channel, CertifiedResult result)
    {
        var text = new StringBuilder("fanhub-result-v1\n");
        Line(kind, interaction);
        Line("channel", channel);
        Line("opened", Number(result.OpenedAt.ToUnixTimeMilliseconds()));
        Line("closed", Number(result.ClosedAt.ToUnixTimeMilliseconds()));
        Line("ballots", Number(result.Ballots));
        Line("changed", Number(result.Changed));
        Line("repeated", Number(result.Repeated));
        Line("late", Number(result.Late));
        Line("refused", Number(result.Refused));
        foreach (var (option, count) in result.Counts)
        {
            Line($"option:{option}", Number(count));
        }

        return text.ToString();

        void Line(string name, string value) => text.Append(name).Append('=').Append(value).Append('\n');
        static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The digest of a canonical text.</summary>
    public static string DigestOf(string canonicalText) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalText)));

    /// <summary>The count as tally items are made from.</summary>
    public Tally ToTally() => new()
    {
        Sequence = Sequence,
        Counts = [.. Counts.Values],
        Ballots = Ballots,
        Changed = Changed,
        Repeated = Repeated,
        Late = Late,
        Refused = Refused,
        Sealed = true,
    };
}

/// <summary>What the running count said where the recount said something else.</summary>
/// <param name="RunningCounts">For each option, by id, the running count.</param>
/// <param name="RunningBallots">The running number of ballots.</param>
/// <param name="Unreadable">How many recorded ballots name no option, too many, or one that does not exist; they are not counted.</param>
internal sealed record CountMismatch(Dictionary<string, long> RunningCounts, long RunningBallots, long Unreadable);
