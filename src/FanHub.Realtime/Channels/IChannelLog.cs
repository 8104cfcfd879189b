using FanHub.Contracts;

namespace FanHub.Realtime.Channels;

/// <summary>
/// Where channels live: each an ordered log of updates and the map of items that they add up to.
/// </summary>
/// <remarks>
/// Promised by every implementation (one suite of tests runs against all): offsets of an epoch are 1, 2, 3… without gap or reuse; an append is all or nothing;
/// the same idempotency key appends once; an item never goes back to an older version; what <see cref="ReadAsync"/> gives is one moment of the channel.
/// Not promised: that subscribers hear of every append. A notification may be lost, never invented; <see cref="LogEntry.Revision"/> shows the hole, and
/// <see cref="ReadAsync"/> fills it.
/// All methods throw <see cref="LogUnavailableException"/> within a few seconds where the log cannot be reached; whether an append took place is then
/// unknown, and safe to repeat under the same key.
/// </remarks>
public interface IChannelLog
{
    /// <summary>Makes the channel exist, empty, at offset 0 of a new epoch.</summary>
    /// <returns>False where it existed already; nothing changed then.</returns>
    Task<bool> CreateAsync(string channel, CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends one update, replaces or removes its item, and wakes the subscribers. Creates the channel where it does not exist, but not for a fleeting update: a channel that was
    /// lost would come back empty by it, before its items are there again.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="item">The item's new state.</param>
    /// <param name="idempotencyKey">Appends under the same key within a day take effect once. Absent: every append counts.</param>
    /// <param name="cancellationToken">Gives up waiting; the append may still happen.</param>
    Task<AppendResult> AppendAsync(string channel, Item item, string? idempotencyKey = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Begins a new epoch, if the channel is still in the one named: the log has come back with less than it had, and offsets that somebody has seen must not be given out
    /// again. Its items stay; what was logged is forgotten, so that everybody starts again from a snapshot.
    /// </summary>
    /// <returns>Whether this call did it; false where the channel has another epoch, or is not there.</returns>
    Task<bool> FenceAsync(string channel, string epoch, CancellationToken cancellationToken = default);

    /// <summary>
    /// Says that the channel's log may be built upon. Where what keeps it has started again since this was last said, the log may be an older one than it was: then somebody
    /// has to have seen how far it had come, or a new epoch begins, as by <see cref="FenceAsync"/>. Epochs begin vouched for. To be called before a node that has just
    /// started appends <c>logged</c> updates, and after each time the log was away.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="seen">How far the caller has seen it come, without a break since it was last vouched for; null for who does not know.</param>
    /// <param name="cancellationToken">Gives up waiting; it may still happen.</param>
    /// <returns>Whether a new epoch began; false also for a channel that is not there.</returns>
    Task<bool> VouchAsync(string channel, ChannelHead? seen, CancellationToken cancellationToken = default);

    /// <summary>Reads the channel's items, and what was logged since a position.</summary>
    /// <returns>Null where there is no such channel.</returns>
    Task<ChannelRead?> ReadAsync(string channel, Position? since = null, CancellationToken cancellationToken = default);

    /// <summary>Where each of the channels stands now, in the order asked; null for one that does not exist.</summary>
    Task<IReadOnlyList<ChannelHead?>> HeadsAsync(IReadOnlyList<string> channels, CancellationToken cancellationToken = default);

    /// <summary>Calls <paramref name="onEntry"/> for appends to the channel from now on, in their order. It must not block.</summary>
    /// <returns>Ends the subscription when disposed.</returns>
    Task<IAsyncDisposable> SubscribeAsync(string channel, Action<LogEntry> onEntry, CancellationToken cancellationToken = default);
}

/// <summary>What an append did.</summary>
public enum AppendOutcome
{
    /// <summary>It was appended.</summary>
    Appended,

    /// <summary>The same idempotency key had been appended before.</summary>
    Repeated,

    /// <summary>The channel already holds this version of the item, or a newer one.</summary>
    Superseded,

    /// <summary>It is fleeting, and there is no such channel: nobody heard of it.</summary>
    NoChannel,
}

/// <summary>What an append did, and where the channel then stood.</summary>
/// <param name="Outcome">What it did.</param>
/// <param name="Epoch">The life of the log; empty where there is no such channel.</param>
/// <param name="Offset">The update's offset; where nothing was appended, the channel's.</param>
public sealed record AppendResult(AppendOutcome Outcome, string Epoch, long Offset);

/// <summary>Where a channel stands.</summary>
/// <param name="Epoch">The life of its log.</param>
/// <param name="Offset">The last offset.</param>
/// <param name="Revision">The last revision.</param>
public sealed record ChannelHead(string Epoch, long Offset, long Revision);

/// <summary>One moment of a channel.</summary>
public sealed record ChannelRead
{
    /// <summary>Where the channel stood.</summary>
    public required ChannelHead Head { get; init; }

    /// <summary>Whether <see cref="Logged"/> is all that was logged since the asked position.</summary>
    public required bool Recovered { get; init; }

    /// <summary>The logged updates since the asked position; where that is gone, or none was asked for, all that the log still has.</summary>
    public required IReadOnlyList<LogEntry> Logged { get; init; }

    /// <summary>The latest entry of every item there is, in the order of their revisions.</summary>
    public required IReadOnlyList<LogEntry> Items { get; init; }

    /// <summary>Removals of <c>latest</c> items that the log still remembers.</summary>
    public required IReadOnlyList<LogEntry> Gone { get; init; }
}

/// <summary>The log, or what it needs, cannot be reached or did not answer in time.</summary>
public sealed class LogUnavailableException : Exception
{
    /// <summary>Creates it.</summary>
    public LogUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
