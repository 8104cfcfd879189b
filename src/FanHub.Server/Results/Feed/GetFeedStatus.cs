using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Results.Feed;

/// <summary>Shows how the feed is doing.</summary>
internal static class GetFeedStatus
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query : IRequest<FeedStatus>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, FeedGate gate, IOptions<FeedOptions> options, TimeProvider time) : IRequestHandler<Query, FeedStatus>
    {
        private const int MaxTypes = 100;
        private static readonly TimeSpan Window = TimeSpan.FromDays(1);

        /// <inheritdoc />
        public async Task<FeedStatus> Handle(Query request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var since = now - Window;
            var messages = db.Set<FeedMessage>().AsNoTracking();
            // From an index alone, which has all of these.
            var day = await messages.Where(m => m.ReceivedAt >= since).GroupBy(m => new { m.State, m.Outcome, m.DocumentType })
                .Select(g => new { g.Key.State, g.Key.Outcome, Type = g.Key.DocumentType, Count = g.LongCount(), Processed = g.Max(m => m.ProcessedAt) })
                .ToListAsync(cancellationToken);
            var waiting = messages.Where(m => m.State == FeedMessageState.Waiting);
            // Compared, not merely named: SQLite finds it in the index only so.
            var yes = true;
            var oldest = await waiting.OrderBy(m => m.Id).Select(m => (DateTimeOffset?)m.ReceivedAt).FirstOrDefaultAsync(cancellationToken);
            return new FeedStatus
            {
                KeyConfigured = gate.IsOpen,
                Flag = options.Value.Flag,
                States = Sum(day.Select(g => (FeedMessageNames.Name(g.State), g.Count))),
                Outcomes = Sum(day.Where(g => g.Outcome is not null).Select(g => (FeedMessageNames.Name(g.Outcome!.Value), g.Count))),
                Types = Sum(day.Select(g => (g.Type, g.Count))),
                Waiting = await waiting.LongCountAsync(cancellationToken),
                Dead = await messages.LongCountAsync(m => m.State == FeedMessageState.Dead, cancellationToken),
                Flagged = await messages.LongCountAsync(m => m.Flagged == yes, cancellationToken),
                LastReceivedAt = await messages.OrderByDescending(m => m.Id).Select(m => (DateTimeOffset?)m.ReceivedAt).FirstOrDefaultAsync(cancellationToken),
                LastProcessedAt = day.Max(g => g.Processed)
                    ?? await messages.Where(m => m.State == FeedMessageState.Done).OrderByDescending(m => m.Id).Select(m => m.ProcessedAt).FirstOrDefaultAsync(cancellationToken),
                OldestWaitingMs = oldest is { } at ? Math.Max(0, (long)(now - at).TotalMilliseconds) : null,
            };
        }

        private static Dictionary<string, long> Sum(IEnumerable<(string Name, long Count)> counts) => counts
            .GroupBy(c => c.Name, c => c.Count, StringComparer.Ordinal)
            .Select(g => (Name: g.Key, Count: g.Sum()))
            .OrderByDescending(c => c.Count).ThenBy(c => c.Name, StringComparer.Ordinal)
            .Take(MaxTypes)
            .ToDictionary(c => c.Name, c => c.Count, StringComparer.Ordinal);
    }
}

/// <summary>How the feed is doing.</summary>
internal sealed record FeedStatus
{
    /// <summary>Whether a feed can come in here at all.</summary>
    public required bool KeyConfigured { get; init; }

    /// <summary>The <c>FeedFlag</c> that is accepted: <c>P</c> or <c>T</c>.</summary>
    public required string Flag { get; init; }

    /// <summary>Of the messages of the last 24 hours: how many are in each state.</summary>
    public required IReadOnlyDictionary<string, long> States { get; init; }

    /// <summary>Of the same: what came of them.</summary>
    public required IReadOnlyDictionary<string, long> Outcomes { get; init; }

    /// <summary>Of the same: how many there were of each type, the hundred most frequent ones.</summary>
    public required IReadOnlyDictionary<string, long> Types { get; init; }

    /// <summary>How many messages are not looked at yet, whenever they came.</summary>
    public required long Waiting { get; init; }

    /// <summary>How many could not be read or applied.</summary>
    public required long Dead { get; init; }

    /// <summary>How many somebody should look at although they were dealt with.</summary>
    public required long Flagged { get; init; }

    /// <summary>When the newest message was stored; absent where there is none.</summary>
    public DateTimeOffset? LastReceivedAt { get; init; }

    /// <summary>When a message was last dealt with.</summary>
    public DateTimeOffset? LastProcessedAt { get; init; }

    /// <summary>How many ms ago the first of the waiting messages was stored. One that is replayed was stored long ago.</summary>
    public long? OldestWaitingMs { get; init; }
}
