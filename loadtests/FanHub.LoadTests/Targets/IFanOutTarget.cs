using FanHub.LoadTests.Followers;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Targets;

/// <summary>A server that one message after the other is delivered by, to everybody: FanHub, or one to compare it with.</summary>
internal interface IFanOutTarget : IAsyncDisposable
{
    /// <summary>What it is.</summary>
    string Name { get; }

    /// <summary>The processes that deliver.</summary>
    IReadOnlyList<int> Pids { get; }

    /// <summary>Gets ready for a crowd that hears so many updates at most.</summary>
    /// <param name="members">How many come.</param>
    /// <param name="updates">How many updates there will be at most.</param>
    /// <param name="payload">How many bytes of payload a frame is to have; 0 where this decides it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<FanOutRound> OpenAsync(int members, int updates, int payload, CancellationToken cancellationToken);
}

/// <summary>One crowd's time with a target.</summary>
internal abstract class FanOutRound : IDisposable
{
    /// <summary>Who comes.</summary>
    public abstract IReadOnlyList<Conversation> Members { get; }

    /// <summary>What arrived at them.</summary>
    public Arrivals Arrivals { get; } = new();

    /// <summary>How many bytes of payload a frame has; 0 where nothing has arrived yet.</summary>
    public abstract int Payload { get; }

    /// <summary>How many updates were published.</summary>
    public abstract int Published { get; }

    /// <summary>Publishes the next update.</summary>
    public abstract Task PublishAsync(CancellationToken cancellationToken);

    /// <summary>What had to hold.</summary>
    /// <param name="lost">Connections that broke, with the reason.</param>
    public abstract IReadOnlyList<Check> Checks(IReadOnlyList<string> lost);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
