using FanHub.Contracts;

namespace FanHub.Server.Audience;

/// <summary>Where nodes write how many fans they serve, so that the sum can be told.</summary>
/// <remarks>A report that is not renewed is forgotten after <see cref="KeptFor"/>: nodes die without a word. One suite of tests runs against all implementations.</remarks>
internal interface IAudienceBoard
{
    /// <summary>How long a report counts.</summary>
    static TimeSpan KeptFor => TimeSpan.FromSeconds(15);

    /// <summary>Puts up a node's report in place of its last one, and reads all that count.</summary>
    /// <exception cref="FanHub.Realtime.Channels.LogUnavailableException">The board cannot be reached.</exception>
    Task<AudienceReading> ReportAsync(NodeAudience report, CancellationToken cancellationToken = default);

    /// <summary>Reads all reports that count.</summary>
    /// <exception cref="FanHub.Realtime.Channels.LogUnavailableException">The board cannot be reached.</exception>
    Task<AudienceReading> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes a node's report away: it is leaving.</summary>
    /// <exception cref="FanHub.Realtime.Channels.LogUnavailableException">The board cannot be reached.</exception>
    Task RemoveAsync(string node, CancellationToken cancellationToken = default);
}

/// <summary>How many fans one node serves.</summary>
/// <param name="Node">The node's id.</param>
/// <param name="Connections">Its connections.</param>
/// <param name="Channels">Followers of each channel that it holds.</param>
internal sealed record NodeAudience(string Node, int Connections, IReadOnlyDictionary<string, AudienceItem> Channels);

/// <summary>All reports that count, at one moment of the board's own clock.</summary>
/// <param name="At">The moment: the same clock for all nodes.</param>
/// <param name="Nodes">The reports, in the order of the nodes' ids.</param>
internal sealed record AudienceReading(DateTimeOffset At, IReadOnlyList<NodeAudience> Nodes)
{
    /// <summary>The sum for each channel.</summary>
    public IReadOnlyDictionary<string, AudienceItem> Channels { get; } = Nodes
        .SelectMany(n => n.Channels)
        .GroupBy(c => c.Key, c => c.Value, StringComparer.Ordinal)
        .ToDictionary(c => c.Key, Sum, StringComparer.Ordinal);

    private static AudienceItem Sum(IEnumerable<AudienceItem> parts)
    {
        var followers = 0;
        var languages = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            followers += part.Followers;
            foreach (var (language, count) in part.Languages)
            {
                languages[language] = languages.GetValueOrDefault(language) + count;
            }
        }

        return new AudienceItem { Followers = followers, Languages = languages };
    }
}
