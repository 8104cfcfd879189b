namespace FanHub.Server.Exports.Recount;

/// <summary>What was found to be otherwise than the export says. The first ones are kept, and the others counted.</summary>
internal sealed class Differences
{
    private const int Kept = 50;

    private readonly List<string> _first = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<string> First => _first;

    /// <summary>Notes one.</summary>
    public void Add(string difference)
    {
        Count++;
        if (_first.Count < Kept)
        {
            _first.Add(difference);
        }
    }

    /// <summary>Notes one where two numbers are not the same.</summary>
    public void Compare(string what, long counted, long stated)
    {
        if (counted != stated)
        {
            Add(FormattableString.Invariant($"{what}: {counted} by the recount, {stated} in the export."));
        }
    }
}
