using System.Collections.Concurrent;
using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FanHub.Realtime.Channels;

/// <summary>
/// Brings channels from the log to this node's followers: loads a channel when it is first needed, keeps it true, lets it go when nobody follows. Watches the log the
/// whole time, because notifications may be lost: whoever follows is never silently behind for longer than a second, or is told so (<c>stale</c>).
/// </summary>
public sealed partial class ChannelRelay(
    IChannelLog log,
    FanConnections connections,
    IOptions<ChannelOptions> options,
    IOptions<FanoutOptions> fanoutOptions,
    TimeProvider time,
    ILogger<ChannelRelay> logger) : BackgroundService
{
    private static readonly TimeSpan UnknownFor = TimeSpan.FromMilliseconds(500);
    private const int MaxUnknown = 10_000;

    private readonly ConcurrentDictionary<string, Lazy<Task<LiveChannel?>>> _channels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _unknown = new(StringComparer.Ordinal);
    private volatile bool _stale;

    /// <summary>Whether the node currently hears of new updates.</summary>
    public bool IsFresh => !_stale;

    /// <summary>Channels held, with how many connections of this node follow each in which language (empty for none asked for).</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Audience =>
        Loaded().ToDictionary(c => c.Name, c => c.FollowersByLocale(), StringComparer.Ordinal);

    /// <summary>Channels held, with how many connections of this node follow each.</summary>
    public IReadOnlyDictionary<string, int> Followers =>
        Loaded().ToDictionary(c => c.Name, c => c.Followers, StringComparer.Ordinal);

    /// <summary>Starts following, at one exact point of the channel.</summary>
    /// <param name="connection">Gets the updates after that point.</param>
    /// <param name="request">Channel, position and language, all from the client.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The reply; null where there is no such channel.</returns>
    /// <exception cref="LogUnavailableException">The channel is not held here and cannot be loaded now.</exception>
    /// <exception cref="TooManyChannelsException">The connection follows as many as it may.</exception>
    public async Task<EncodedFollowReply?> FollowAsync(FanConnection connection, FollowRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(request);
        if (connection.Following.Count >= fanoutOptions.Value.MaxChannels && !connection.Follows(request.Channel))
        {
            throw new TooManyChannelsException(fanoutOptions.Value.MaxChannels);
        }

        while (await FindAsync(request.Channel, cancellationToken) is { } channel)
        {
            if (channel.Follow(connection, request) is { } reply)
            {
                if (_stale)
                {
                    connection.Send(Frame.Notice(StaleNotice));
                }

                return reply;
            }

            Forget(channel);
        }

        return null;
    }

    /// <summary>Makes sure that the node holds the channel.</summary>
    /// <returns>False where there is no such channel.</returns>
    /// <exception cref="LogUnavailableException">The channel is not held here and cannot be loaded now.</exception>
    public async Task<bool> HoldAsync(string channel, CancellationToken cancellationToken = default)
    {
        var live = await FindAsync(channel, cancellationToken);
        live?.Touch();
        return live is not null;
    }

    /// <summary>Ends following one channel.</summary>
    public void Unfollow(FanConnection connection, string channel)
    {
        if (TryGetLoaded(channel) is { } live)
        {
            live.Unfollow(connection);
        }
    }

    /// <summary>Ends following all channels.</summary>
    public void Leave(FanConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        foreach (var channel in connection.Following.Names)
        {
            Unfollow(connection, channel);
        }
    }

    /// <summary>The current entry of an item; null where there is no such channel or item.</summary>
    /// <exception cref="LogUnavailableException">The channel is not held here and cannot be loaded now.</exception>
    public async Task<EncodedEntry?> FindItemAsync(string channel, string key, CancellationToken cancellationToken = default)
    {
        var live = TryGetLoaded(channel) ?? await FindAsync(channel, cancellationToken);
        live?.Touch();
        return live?.Find(key);
    }

    /// <summary>The current entry of an item of a channel that is held here; null where there is no such item, or the channel is not held.</summary>
    public EncodedEntry? FindHeldItem(string channel, string key) => TryGetLoaded(channel)?.Find(key);

    /// <summary>All items of a channel that everybody may see; null where there is no such channel.</summary>
    /// <exception cref="LogUnavailableException">The channel is not held here and cannot be loaded now.</exception>
    public async Task<(ChannelHead Head, IReadOnlyList<ReadOnlyMemory<byte>> Items)?> SnapshotAsync(string channel, string? locale, CancellationToken cancellationToken = default)
    {
        var live = await FindAsync(channel, cancellationToken);
        live?.Touch();
        return live?.Snapshot(locale);
    }

    /// <summary>What an item of a channel that is held here said before, as far back as the log is held; the newest first.</summary>
    public IReadOnlyList<EncodedEntry> Earlier(string channel, string key) => TryGetLoaded(channel)?.Earlier(key) ?? [];

    /// <summary>The items of a kind, of a channel that is held here.</summary>
    public IReadOnlyList<EncodedEntry> Items(string channel, string kind) => TryGetLoaded(channel)?.ItemsOf(kind) ?? [];

    /// <summary>Opens a gate for a connection and sends it what lay behind.</summary>
    public void OpenGate(FanConnection connection, string channel, string gate)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.OpenGate(gate))
        {
            TryGetLoaded(channel)?.SendGated(connection, gate);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var channel in Loaded())
        {
            await channel.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WatchInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await WatchAsync(stoppingToken);
                DropIdle();
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                WatchFailed(logger, e);
            }
        }
    }

    private static Notice StaleNotice { get; } = new(NoticeCodes.Stale, "The service behind this node is away; what you see may be out of date.");

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var channels = Loaded();
        try
        {
            // Asked even when nothing is held: readiness wants to know.
            var before = channels.ConvertAll(c => c.Head);
            var heads = await log.HeadsAsync([.. channels.Select(c => c.Name)], cancellationToken);
            var wasStale = _stale;
            for (var i = 0; i < channels.Count; i++)
            {
                if (channels[i].Compare(heads[i], before[i], sure: wasStale))
                {
                    WentBack(logger, channels[i].Name, before[i].Epoch, before[i].Revision, heads[i]!.Revision);
                    await log.FenceAsync(channels[i].Name, heads[i]!.Epoch, cancellationToken);
                    channels[i].CatchUpSoon();
                }
            }

            if (wasStale)
            {
                _stale = false;
                FreshAgain(logger);
                connections.SendAll(new Notice(NoticeCodes.Fresh, "Up to date again."));
            }
        }
        catch (LogUnavailableException e)
        {
            if (!_stale)
            {
                _stale = true;
                WentStale(logger, e);
                connections.SendAll(StaleNotice);
            }
        }
    }

    private async Task<LiveChannel?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!ChannelName.IsValid(name) || IsKnownUnknown(name))
        {
            return null;
        }

        var lazy = _channels.GetOrAdd(name, n => new Lazy<Task<LiveChannel?>>(() => LiveChannel.LoadAsync(n, log, options.Value, fanoutOptions.Value.Walkers, time, logger, CancellationToken.None)));
        try
        {
            // Many may wait for one load; none of them can cancel it for the others.
            if (await lazy.Value.WaitAsync(cancellationToken) is { } channel)
            {
                return channel;
            }

            _channels.TryRemove(new(name, lazy));
            if (_unknown.Count < MaxUnknown)
            {
                _unknown[name] = time.GetTimestamp();
            }

            return null;
        }
        catch when (lazy.Value.IsFaulted || lazy.Value.IsCanceled)
        {
            _channels.TryRemove(new(name, lazy));
            throw;
        }
    }

    private bool IsKnownUnknown(string name)
    {
        if (!_unknown.TryGetValue(name, out var since))
        {
            return false;
        }

        if (time.GetElapsedTime(since) < UnknownFor)
        {
            return true;
        }

        _unknown.TryRemove(name, out _);
        return false;
    }

    private LiveChannel? TryGetLoaded(string name) =>
        _channels.TryGetValue(name, out var lazy) && lazy is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: { } channel } } ? channel : null;

    private List<LiveChannel> Loaded() => [.. _channels.Keys.Select(TryGetLoaded).OfType<LiveChannel>()];

    private void DropIdle()
    {
        foreach (var channel in Loaded().Where(c => c.DropIfIdle()))
        {
            Forget(channel);
        }

        foreach (var (name, since) in _unknown)
        {
            if (time.GetElapsedTime(since) >= UnknownFor)
            {
                _unknown.TryRemove(name, out _);
            }
        }
    }

    private void Forget(LiveChannel channel)
    {
        if (_channels.TryGetValue(channel.Name, out var lazy) && ReferenceEquals(TryGetLoaded(channel.Name), channel) && _channels.TryRemove(new(channel.Name, lazy)))
        {
            _ = channel.DisposeAsync().AsTask();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The channel log is away; followers are told that they may be out of date")]
    private static partial void WentStale(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Channel {Channel} has lost updates: revision {Seen} of epoch {Epoch} was seen, the log is at {Revision}; a new epoch begins")]
    private static partial void WentBack(ILogger logger, string channel, string epoch, long seen, long revision);

    [LoggerMessage(Level = LogLevel.Information, Message = "The channel log answers again")]
    private static partial void FreshAgain(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Watching the channel log failed")]
    private static partial void WatchFailed(ILogger logger, Exception exception);
}

/// <summary>A connection wants to follow more channels than one may.</summary>
public sealed class TooManyChannelsException(int limit) : Exception($"One connection may follow {limit} channels.")
{
    /// <summary>How many it may follow.</summary>
    public int Limit => limit;
}
