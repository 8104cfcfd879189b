using System.Security.Cryptography;
using System.Text;

namespace FanHub.Server.Exports.Recount;

/// <summary>Counts the ballots of one question again.</summary>
internal sealed class CountQuestion
{
    private readonly StatedExport _export;
    private readonly StatedQuestion _question;
    private readonly Differences _differences;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly long[] _counts;
    private readonly HashSet<UInt128> _fans = [];

    /// <summary>Begins.</summary>
    /// <exception cref="UnreadableExportException">An option is there twice.</exception>
    public CountQuestion(StatedExport export, StatedQuestion question, Differences differences)
    {
        (_export, _question, _differences) = (export, question, differences);
        _counts = new long[question.Options.Count];
        for (var i = 0; i < _counts.Length; i++)
        {
            if (!_places.TryAdd(question.Options[i], i))
            {
                throw new UnreadableExportException($"The option '{question.Options[i]}' is there twice.");
            }
        }
    }

    /// <summary>The question.</summary>
    public StatedQuestion Stated => _question;

    /// <summary>For each option, in order, how many ballots name it.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>How many ballots count.</summary>
    public long Ballots { get; private set; }

    /// <summary>How its ballots are called in texts.</summary>
    public string Where => _question.Id.Length == 0 ? string.Empty : $"Question {_question.Id}: ";

    /// <summary>The digest of what was counted.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalText())));

    /// <summary>Counts one.</summary>
    /// <returns>Whether it counts.</returns>
    public bool Add(in StatedBallot ballot)
    {
        if (Mistake(ballot) is { } mistake)
        {
            _differences.Add($"{Where}the ballot of fan {StatedText.Of(ballot.Fan)} {mistake}; it is not counted.");
            return false;
        }

        foreach (var choice in ballot.Choices)
        {
            _counts[_places[choice]]++;
        }

        Ballots++;
        return true;
    }

    /// <summary>Compares with what the export says.</summary>
    public void Finish()
    {
        var stated = _question.Result;
        for (var i = 0; i < _counts.Length; i++)
        {
            _differences.Compare($"{Where}ballots for {_question.Options[i]}", _counts[i], stated.Counts[i]);
        }

        _differences.Compare($"{Where}ballots", Ballots, stated.Ballots);
        if (!string.Equals(Digest, stated.Digest, StringComparison.Ordinal))
        {
            _differences.Add($"{Where}the digest is {Digest} by the recount, {stated.Digest} in the export.");
        }

        // The next question needs the room.
        _fans.Clear();
        _fans.TrimExcess();
    }

    private string? Mistake(in StatedBallot ballot) =>
        !_fans.Add(ballot.Fan) ? "is there more than once"
        : ballot.Choices.Count == 0 ? "names no option"
        : ballot.Choices.FirstOrDefault(c => !_places.ContainsKey(c)) is { } unknown ? $"names an option '{unknown}' that there is not"
        : ballot.Choices.Distinct(StringComparer.Ordinal).Count() != ballot.Choices.Count ? "names an option twice"
        : ballot.Choices.Count > _question.MaxChoices ? FormattableString.Invariant($"names {ballot.Choices.Count} options, {_question.MaxChoices} at most may be named")
        : ballot.ElapsedMs < 0 || ballot.CreditMs < 0 ? "came before the opening"
        : null;

    private string CanonicalText()
    {
        var result = _question.Result;
        var text = new StringBuilder("fanhub-result-v1\n")
            .Append(_export.Kind).Append('=').Append(_question.Box).Append('\n')
            .Append("channel=").Append(_export.Channel).Append('\n')
            .Append(FormattableString.Invariant($"opened={result.OpenedAt.ToUnixTimeMilliseconds()}\nclosed={result.ClosedAt.ToUnixTimeMilliseconds()}\n"))
            .Append(FormattableString.Invariant($"ballots={Ballots}\nchanged={result.Changed}\nrepeated={result.Repeated}\nlate={result.Late}\nrefused={result.Refused}\n"));
        for (var i = 0; i < _counts.Length; i++)
        {
            text.Append("option:").Append(_question.Options[i]).Append(FormattableString.Invariant($"={_counts[i]}\n"));
        }

        return text.ToString();
    }
}
