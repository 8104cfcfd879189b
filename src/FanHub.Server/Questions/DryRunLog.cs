using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Server.Questions;

/// <summary>A real log for channels that there are not: what is appended is made fleeting, which the log takes all the way and then drops, for a fleeting item makes no channel.</summary>
internal sealed class DryRunLog(IChannelLog log) : IChannelLog
{
    /// <inheritdoc />
    public Task<AppendResult> AppendAsync(string channel, Item item, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        log.AppendAsync(channel, item with { Class = DeliveryClass.Fleeting }, idempotencyKey, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<ChannelHead?>> HeadsAsync(IReadOnlyList<string> channels, CancellationToken cancellationToken = default) => log.HeadsAsync(channels, cancellationToken);

    /// <inheritdoc />
    public Task<ChannelRead?> ReadAsync(string channel, Position? since = null, CancellationToken cancellationToken = default) => log.ReadAsync(channel, since, cancellationToken);

    /// <inheritdoc />
    public Task<bool> CreateAsync(string channel, CancellationToken cancellationToken = default) => Task.FromResult(false);

    /// <inheritdoc />
    public Task<bool> FenceAsync(string channel, string epoch, CancellationToken cancellationToken = default) => Task.FromResult(false);

    /// <inheritdoc />
    public Task<bool> VouchAsync(string channel, ChannelHead? seen, CancellationToken cancellationToken = default) => Task.FromResult(false);

    /// <inheritdoc />
    public Task<IAsyncDisposable> SubscribeAsync(string channel, Action<LogEntry> onEntry, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Nobody follows a dry run.");
}
