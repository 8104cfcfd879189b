using Microsoft.AspNetCore.SignalR;

namespace FanHub.Realtime.Fanout;

/// <summary>The way out through SignalR's own writer, as all transports have it: TLS, server-sent events, long polling.</summary>
/// <param name="connection">The connection.</param>
internal sealed class SignalRLane(HubConnectionContext connection) : IFrameLane
{
    private FanConnection? _owner;

    /// <inheritdoc/>
    /// <remarks>SignalR sends its own signs of life here.</remarks>
    public int MillisecondsIdle => 0;

    /// <inheritdoc/>
    public void Beat()
    {
        // These transports have a heartbeat of their own.
    }

    /// <inheritdoc/>
    public bool IsDirect
    {
        set
        {
            // There is no way past the owner.
        }
    }

    /// <inheritdoc/>
    public void Attach(FanConnection owner) => _owner = owner;

    /// <inheritdoc/>
    public bool Write(Frame frame)
    {
        var write = connection.WriteAsync(frame.Message, CancellationToken.None);
        if (write.IsCompletedSuccessfully)
        {
            return true;
        }

        _ = FinishAsync(write.AsTask());
        return false;
    }

    private async Task FinishAsync(Task write)
    {
        try
        {
            // Never from inside Write: its caller holds a lock, and is to hear false first.
            await write.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // SignalR closes a connection that cannot be written to; there is nobody to tell.
            _owner?.Disconnected();
            return;
        }

        _owner?.Drained();
    }
}
