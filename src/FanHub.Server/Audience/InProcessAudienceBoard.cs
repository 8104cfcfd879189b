using System.Collections.Concurrent;

namespace FanHub.Server.Audience;

/// <summary>The board of a server that runs alone.</summary>
internal sealed class InProcessAudienceBoard(TimeProvider time) : IAudienceBoard
{
    private readonly ConcurrentDictionary<string, (NodeAudience Report, DateTimeOffset At)> _reports = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<AudienceReading> ReportAsync(NodeAudience report, CancellationToken cancellationToken = default)
    {
        _reports[report.Node] = (report, time.GetUtcNow());
        return ReadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<AudienceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        foreach (var (node, entry) in _reports)
        {
            if (now - entry.At > IAudienceBoard.KeptFor)
            {
                _reports.TryRemove(new(node, entry));
            }
        }

        return Task.FromResult(new AudienceReading(now, [.. _reports.Values.Select(r => r.Report).OrderBy(r => r.Node, StringComparer.Ordinal)]));
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string node, CancellationToken cancellationToken = default)
    {
        _reports.TryRemove(node, out _);
        return Task.CompletedTask;
    }
}
