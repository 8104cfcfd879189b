using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;

namespace FanHub.Tests.Server;

/// <summary>Thrown where a test pretends that the process ends.</summary>
internal sealed class CrashException() : Exception("The process ended here.");

/// <summary>A real log, with something going wrong before or after its appends.</summary>
internal sealed class FaultyLog(IChannelLog inner) : IChannelLog
{
    public Func<Item, Exception?>? BeforeAppend { get; set; }

    public Func<Item, Exception?>? AfterAppend { get; set; }

    /// <summary>What an append waits for before it reaches the log.</summary>
    public Func<Item, Task>? HoldAppend { get; set; }

    public bool Away { get; set; }

    /// <summary>The log itself, which is never away.</summary>
    public IChannelLog Inner => inner;

    public Task<bool> CreateAsync(string channel, CancellationToken cancellationToken = default) => There().CreateAsync(channel, cancellationToken);

    public async Task<AppendResult> AppendAsync(string channel, Item item, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        Throw(BeforeAppend, item);
        await (HoldAppend?.Invoke(item) ?? Task.CompletedTask);
        var result = await There().AppendAsync(channel, item, idempotencyKey, cancellationToken);
        Throw(AfterAppend, item);
        return result;
    }

    public Task<ChannelRead?> ReadAsync(string channel, Position? since = null, CancellationToken cancellationToken = default) => There().ReadAsync(channel, since, cancellationToken);

    public Task<bool> FenceAsync(string channel, string epoch, CancellationToken cancellationToken = default) => There().FenceAsync(channel, epoch, cancellationToken);

    public Task<bool> VouchAsync(string channel, ChannelHead? seen, CancellationToken cancellationToken = default) => There().VouchAsync(channel, seen, cancellationToken);

    public Task<IReadOnlyList<ChannelHead?>> HeadsAsync(IReadOnlyList<string> channels, CancellationToken cancellationToken = default) => There().HeadsAsync(channels, cancellationToken);

    public Task<IAsyncDisposable> SubscribeAsync(string channel, Action<LogEntry> onEntry, CancellationToken cancellationToken = default) => There().SubscribeAsync(channel, onEntry, cancellationToken);

    private static void Throw(Func<Item, Exception?>? fault, Item item)
    {
        if (fault?.Invoke(item) is { } exception)
        {
            throw exception;
        }
    }

    private IChannelLog There() => Away ? throw new LogUnavailableException("Away.") : inner;
}

/// <summary>A real ballot box, with something going wrong.</summary>
internal sealed class FaultyBox(IBallotBox inner, bool ownsInner = true) : IBallotBox, IDisposable
{
    public bool CrashAfterSeal { get; set; }

    /// <summary>What the running count is made to say.</summary>
    public Func<Tally, Tally>? Distort { get; set; }

    /// <summary>What becomes of ballots that are read.</summary>
    public Func<IAsyncEnumerable<RecordedBallot>, IAsyncEnumerable<RecordedBallot>>? Read { get; set; }

    public Task RegisterAsync(string interaction, string channel, CancellationToken cancellationToken = default) => inner.RegisterAsync(interaction, channel, cancellationToken);

    public Task<BoxInfo?> FindAsync(string interaction, CancellationToken cancellationToken = default) => inner.FindAsync(interaction, cancellationToken);

    public Task<IReadOnlyList<CastResult>> CastAsync(string interaction, BallotRules rules, IReadOnlyList<Ballot> batch, CancellationToken cancellationToken = default) =>
        inner.CastAsync(interaction, rules, batch, cancellationToken);

    public Task AddRefusedAsync(string interaction, long late, long refused, CancellationToken cancellationToken = default) => inner.AddRefusedAsync(interaction, late, refused, cancellationToken);

    public Task<Tally> TallyAsync(string interaction, int options, CancellationToken cancellationToken = default) => inner.TallyAsync(interaction, options, cancellationToken);

    public Task<bool> ClaimTallyAsync(string interaction, TimeSpan period, CancellationToken cancellationToken = default) => inner.ClaimTallyAsync(interaction, period, cancellationToken);

    public async Task<Tally> SealAsync(string interaction, string channel, int options, CancellationToken cancellationToken = default)
    {
        var tally = await inner.SealAsync(interaction, channel, options, cancellationToken);
        return CrashAfterSeal ? throw new CrashException() : Distort?.Invoke(tally) ?? tally;
    }

    public Task<StoredBallot?> FindBallotAsync(string interaction, int options, long fan, CancellationToken cancellationToken = default) => inner.FindBallotAsync(interaction, options, fan, cancellationToken);

    public IAsyncEnumerable<RecordedBallot> ReadAllAsync(string interaction, int options, CancellationToken cancellationToken = default) =>
        Read?.Invoke(inner.ReadAllAsync(interaction, options, cancellationToken)) ?? inner.ReadAllAsync(interaction, options, cancellationToken);

    public Task<long> ReserveFansAsync(int count, CancellationToken cancellationToken = default) => inner.ReserveFansAsync(count, cancellationToken);

    public void Dispose()
    {
        if (ownsInner)
        {
            (inner as IDisposable)?.Dispose();
        }
    }
}

/// <summary>A log that can be swapped for another one, as a Redis that comes back empty.</summary>
internal sealed class ReplaceableLog : IChannelLog
{
    public IChannelLog Inner { get; set; } = EditorialHost.NewLog();

    public Task<bool> CreateAsync(string channel, CancellationToken cancellationToken = default) => Inner.CreateAsync(channel, cancellationToken);

    public Task<AppendResult> AppendAsync(string channel, Item item, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        Inner.AppendAsync(channel, item, idempotencyKey, cancellationToken);

    public Task<ChannelRead?> ReadAsync(string channel, Position? since = null, CancellationToken cancellationToken = default) => Inner.ReadAsync(channel, since, cancellationToken);

    public Task<bool> FenceAsync(string channel, string epoch, CancellationToken cancellationToken = default) => Inner.FenceAsync(channel, epoch, cancellationToken);

    public Task<bool> VouchAsync(string channel, ChannelHead? seen, CancellationToken cancellationToken = default) => Inner.VouchAsync(channel, seen, cancellationToken);

    public Task<IReadOnlyList<ChannelHead?>> HeadsAsync(IReadOnlyList<string> channels, CancellationToken cancellationToken = default) => Inner.HeadsAsync(channels, cancellationToken);

    public Task<IAsyncDisposable> SubscribeAsync(string channel, Action<LogEntry> onEntry, CancellationToken cancellationToken = default) => Inner.SubscribeAsync(channel, onEntry, cancellationToken);
}
