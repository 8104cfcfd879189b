using System.ComponentModel.DataAnnotations;
using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Hosting;

/// <summary>Leaving in an orderly way. Configuration section <c>FanHub:Drain</c>.</summary>
internal sealed class DrainOptions
{
    /// <summary>Over how long a time fans are spread when the node stops: 0 to 10 minutes, by default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(3);
}

/// <summary>Before the node stops: asks each fan to move to another one, at a moment of the fan's own within the window, and waits for them to go.</summary>
internal sealed class Drain(FanConnections connections, IHostApplicationLifetime lifetime, IOptions<DrainOptions> options, TimeProvider time) : IHostedService
{
    private volatile bool _draining;

    /// <summary>Whether the node is about to leave; readiness says so, and balancers send nobody new.</summary>
    public bool Draining => _draining;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // SignalR closes its connections when it hears that the application stops. Who registers last is called first, and the others wait for it.
        lifetime.ApplicationStopping.Register(() => DrainAsync().GetAwaiter().GetResult());
        return Task.CompletedTask;
    }

    /// <summary>Sends whoever knocks meanwhile to another node: a connection that came now would not be asked to move, and would hold the node up.</summary>
    /// <exception cref="FanHubException"><c>unavailable</c>.</exception>
    public void ThrowIfDraining()
    {
        if (_draining)
        {
            throw new FanHubException(ErrorCodes.Unavailable, "This node is about to stop; another one will take you.", TimeSpan.FromSeconds(1));
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task DrainAsync()
    {
        _draining = true;
        var window = options.Value.Window;
        var until = time.GetUtcNow() + window;
        connections.SendEach(() => new Notice(
            NoticeCodes.Reconnect, "This node is about to stop; come back and resume.", RetryAfterMs: Random.Shared.Next((int)window.TotalMilliseconds + 1)));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), time);
        while (connections.Count > 0 && time.GetUtcNow() < until)
        {
            await timer.WaitForNextTickAsync();
        }
    }
}
