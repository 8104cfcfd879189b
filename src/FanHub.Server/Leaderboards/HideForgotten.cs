using FanHub.Realtime.Channels;
using FanHub.Server.Fans;
using FanHub.Server.Storage;

namespace FanHub.Server.Leaderboards;

/// <summary>
/// Takes the names of fans who were forgotten out of the leaderboards that channels show: those are published again, under the name of somebody who chose none. Every editor node
/// looks; publishing twice is harmless.
/// </summary>
internal sealed partial class HideForgotten(
    IServiceScopeFactory scopes,
    IEnumerable<IAwardSource> sources,
    ILeaderboard boards,
    LeaderboardItems items,
    IFanProfiles profiles,
    IChannelLog log,
    LiveStateRebuilder rebuilder,
    TimeProvider time,
    ILogger<HideForgotten> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(7);

    // Forgotten lately, and dealt with; older ones were never shown by what was published since.
    private readonly Dictionary<long, DateTimeOffset> _hidden = [];

    /// <summary>Looks once.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - Overlap;
        var fresh = new Dictionary<long, DateTimeOffset>();
        await foreach (var fan in profiles.ForgottenSinceAsync(since, cancellationToken))
        {
            if (!_hidden.TryGetValue(fan.Fan, out var at) || at < fan.At)
            {
                fresh[fan.Fan] = fan.At;
            }
        }

        if (fresh.Count > 0)
        {
            await PublishAsync(fresh, cancellationToken);
        }

        foreach (var (fan, at) in fresh)
        {
            _hidden[fan] = at;
        }

        foreach (var (fan, _) in _hidden.Where(f => f.Value < since - Overlap).ToList())
        {
            _hidden.Remove(fan);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await rebuilder.Rebuilt.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PublishAsync(Dictionary<long, DateTimeOffset> forgotten, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var shown = new HashSet<(string Board, string Channel)>();
        foreach (var source in sources)
        {
            shown.UnionWith((await source.FindAsync(db, time.GetUtcNow() - LookBack, cancellationToken)).Select(j => (j.Board, j.Round.Channel)));
        }

        foreach (var (board, channel) in shown)
        {
            if ((await boards.TopAsync(board, LeaderboardItems.Shown, cancellationToken)).Any(f => forgotten.ContainsKey(f.Fan)))
            {
                await log.AppendAsync(channel, await items.MakeAsync(board, cancellationToken), cancellationToken: cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The names of forgotten fans could not be taken out of leaderboards; trying again")]
    private partial void LogFailed(Exception failure);
}
