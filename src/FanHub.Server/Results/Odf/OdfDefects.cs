using System.Globalization;

namespace FanHub.Server.Results.Odf;

/// <summary>Collects what was wrong with a message, each kind once with how often it came, and not without end.</summary>
internal sealed class OdfDefects
{
    private const int MaxKinds = 20;

    private readonly Dictionary<string, int> _kinds = [];
    private int _others;

    /// <summary>Notes a defect.</summary>
    /// <param name="what">What is wrong and where, for people.</param>
    public void Add(string what)
    {
        if (_kinds.TryGetValue(what, out var times))
            _kinds[what] = times + 1;
        else if (_kinds.Count < MaxKinds)
            _kinds[what] = 1;
        else
            _others++;
    }

    /// <summary>One line each.</summary>
    public IReadOnlyList<string> ToList()
    {
        var lines = _kinds.Select(kind => kind.Value == 1 ? kind.Key : string.Create(CultureInfo.InvariantCulture, $"{kind.Key} ({kind.Value} times)")).ToList();
        if (_others > 0)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"And {_others} more."));
        return lines;
    }
}
