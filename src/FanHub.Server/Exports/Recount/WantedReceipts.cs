using System.Security.Cryptography;
using System.Text;

namespace FanHub.Server.Exports.Recount;

/// <summary>Looks for the ballots of receipts that somebody kept.</summary>
internal sealed class WantedReceipts
{
    private readonly List<string> _receipts;
    private readonly Dictionary<string, string> _byDigest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _found = new(StringComparer.Ordinal);

    /// <summary>Looks for these.</summary>
    public WantedReceipts(IEnumerable<string> receipts)
    {
        _receipts = [.. receipts.Distinct(StringComparer.Ordinal)];
        foreach (var receipt in _receipts)
        {
            _byDigest[Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(receipt)))] = receipt;
        }
    }

    /// <summary>How many are looked for.</summary>
    public int Count => _receipts.Count;

    /// <summary>How many were not found.</summary>
    public int Missing => _receipts.Count - _found.Count;

    /// <summary>Whether this can be a receipt: 20 letters, digits, hyphens and underscores.</summary>
    public static bool IsReceipt(string text) => text.Length == 20 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Looks at a ballot.</summary>
    public void Look(CountQuestion question, in StatedBallot ballot, bool counts)
    {
        if (_byDigest.Count == 0 || !_byDigest.TryGetValue(ballot.Receipt, out var receipt))
        {
            return;
        }

        var delay = ballot.CreditMs > 0 ? FormattableString.Invariant($" (of which the video's delay: {ballot.CreditMs} ms)") : string.Empty;
        var points = ballot.Points is { } earned ? FormattableString.Invariant($", for {earned} points") : string.Empty;
        var text = FormattableString.Invariant($"{question.Where}{string.Join(", ", ballot.Choices)}, {ballot.ElapsedMs} ms after the opening{delay}{points}, of fan {StatedText.Of(ballot.Fan)}");
        if (!_found.TryGetValue(receipt, out var found))
        {
            _found[receipt] = found = [];
        }

        found.Add(counts ? text : $"{text}; NOT COUNTED");
    }

    /// <summary>What was found of each, in the order they were asked for.</summary>
    public IEnumerable<string> Lines() => _receipts.SelectMany(r => _found.TryGetValue(r, out var found) ? found.Select(text => $"Receipt {r}: {text}") : [$"Receipt {r}: is not in this export"]);
}
