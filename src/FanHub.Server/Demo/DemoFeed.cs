using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Odf;
using FanHub.Server.Results.Rehearsals;

namespace FanHub.Server.Demo;

/// <summary>
/// A made-up final and a made-up match, played from a folder of feed messages in a loop: the same rehearsal that editors have, on channels that begin with <see cref="Prefix"/>.
/// </summary>
internal sealed partial class DemoFeed(IChannelLog log, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DemoFeed> logger) : BackgroundService
{
    /// <summary>What the names of its channels begin with.</summary>
    public const string Prefix = "rehearsal.demo.";

    private const int MaxMessageBytes = 1024 * 1024;
    private static readonly TimeSpan Applause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        var reading = new OdfReading(TimeZoneInfo.Utc, "en");
        var script = new FolderScript(Path.Combine(AppContext.BaseDirectory, "Demo", "Feed"), reading, MaxMessageBytes);
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var play = new PlayRehearsal(log, reading, MinInterval, Prefix, time, logger);
                await play.RunAsync(script, speed: 1, LongestPause, stoppingToken);
                await Task.Delay(Applause, time, stoppingToken);
                await play.ClearAsync(stoppingToken);
                backoff.Reset();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                BrokeOff(logger, e);
                await Task.Delay(backoff.Next(), time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The demo's results broke off; they begin again")]
    private static partial void BrokeOff(ILogger logger, Exception exception);
}
