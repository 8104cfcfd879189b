using System.Collections.Concurrent;
using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Feed;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Results.Rehearsals;

/// <summary>
/// Plays the rehearsals that were asked for at this node, and tells the database how far they have come. What one has shown stays until an editor removes it, the node ends, or
/// <see cref="KeptFor"/> is over.
/// </summary>
internal sealed partial class RehearsalStage(IServiceScopeFactory scopes, IChannelLog log, IOptions<FeedOptions> options, TimeProvider time, ILogger<RehearsalStage> logger) : IHostedService, IDisposable
{
    /// <summary>How many may be on one node at a time, those among them that have ended and still show something.</summary>
    public const int MaxAtOnce = 4;

    /// <summary>How long one stays after its end.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private static readonly TimeSpan Tell = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClearWithin = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Task> _playing = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ends = new();

    /// <summary>Whether one more can be played here.</summary>
    public bool HasRoom => _playing.Count < MaxAtOnce;

    /// <summary>Begins to play one that is saved.</summary>
    /// <param name="rehearsal">The rehearsal; belongs to the stage from now on.</param>
    /// <param name="script">What to play.</param>
    public void Begin(Rehearsal rehearsal, IRehearsalScript script)
    {
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _playing[rehearsal.Id] = PlayAsync(rehearsal, script, begin.Task);
        begin.SetResult();
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _ends.CancelAsync();
        await Task.WhenAll(_playing.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public void Dispose() => _ends.Dispose();

    private async Task PlayAsync(Rehearsal rehearsal, IRehearsalScript script, Task begin)
    {
        await begin;
        var settings = options.Value;
        var play = new PlayRehearsal(log, settings.Reading, settings.MinInterval, rehearsal.Prefix, time, logger);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_ends.Token);
        try
        {
            var playing = play.RunAsync(script, rehearsal.Speed, TimeSpan.FromMilliseconds(rehearsal.MaxPauseMs), stop.Token);
            await WatchAsync(rehearsal, play, playing, stop);
        }
        catch (Exception failure)
        {
            LogFailed(failure, rehearsal.Id);
        }
        finally
        {
            _playing.TryRemove(rehearsal.Id, out _);
        }
    }

    /// <summary>Until it is removed: tells how far it has come, and listens for what editors want of it.</summary>
    private async Task WatchAsync(Rehearsal rehearsal, PlayRehearsal play, Task playing, CancellationTokenSource stop)
    {
        DateTimeOffset? ended = null;
        while (!_ends.IsCancellationRequested)
        {
            await Task.WhenAny(ended is null ? playing : Task.Delay(Tell, time, _ends.Token), Task.Delay(Tell, time, _ends.Token));
            if (playing.IsCompleted && ended is null)
            {
                ended = time.GetUtcNow();
                End(rehearsal, playing);
            }

            (rehearsal.Played, rehearsal.Unreadable, rehearsal.SeenAt) = (play.Played, play.Unreadable, time.NowMs());
            rehearsal.Channels = [.. play.Channels.Order(StringComparer.Ordinal)];
            if (!await TryTellAsync(rehearsal) || rehearsal.RemovalAsked || time.GetUtcNow() - ended > KeptFor)
            {
                break;
            }

            if (rehearsal.StopAsked && ended is null)
            {
                await stop.CancelAsync();
            }
        }

        await stop.CancelAsync();
        await playing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (rehearsal.State == RehearsalState.Running)
        {
            End(rehearsal, playing);
        }

        using var limit = new CancellationTokenSource(ClearWithin, time);
        await play.ClearAsync(limit.Token);
        await TryTellAsync(rehearsal);
        if (rehearsal.RemovalAsked)
        {
            await RemoveAsync(rehearsal.Id);
        }
    }

    private void End(Rehearsal rehearsal, Task playing)
    {
        if (playing.IsCompletedSuccessfully)
        {
            rehearsal.State = RehearsalState.Finished;
        }
        else if (playing.IsCanceled)
        {
            rehearsal.State = RehearsalState.Stopped;
        }
        else
        {
            LogFailed(playing.Exception!.GetBaseException(), rehearsal.Id);
            (rehearsal.State, rehearsal.Error) = (RehearsalState.Failed, playing.Exception!.GetBaseException().Message);
        }
    }

    /// <returns>Whether it is still wanted.</returns>
    private async Task<bool> TryTellAsync(Rehearsal rehearsal)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
            var (state, played, unreadable, error, seen) = (rehearsal.State, rehearsal.Played, rehearsal.Unreadable, rehearsal.Error, rehearsal.SeenAt);
            var channels = rehearsal.Channels;
            await db.Rehearsals.Where(r => r.Id == rehearsal.Id).ExecuteUpdateAsync(
                r => r.SetProperty(x => x.State, state).SetProperty(x => x.Played, played).SetProperty(x => x.Unreadable, unreadable).SetProperty(x => x.Error, error).SetProperty(x => x.SeenAt, seen).SetProperty(x => x.Channels, channels));
            var asked = await db.Rehearsals.AsNoTracking().Where(r => r.Id == rehearsal.Id).Select(r => new { r.StopAsked, r.RemovalAsked }).SingleOrDefaultAsync();
            (rehearsal.StopAsked, rehearsal.RemovalAsked) = (asked?.StopAsked ?? true, asked?.RemovalAsked ?? true);
            return asked is not null;
        }
        catch (Exception failure) when (DatabaseFailures.IsAway(failure))
        {
            // It plays on; somebody is told later.
            LogAway(failure, rehearsal.Id);
            return true;
        }
    }

    private async Task RemoveAsync(string id)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FanHubDb>().Rehearsals.Where(r => r.Id == id).ExecuteDeleteAsync();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Rehearsal {Rehearsal} broke off")]
    private partial void LogFailed(Exception failure, string rehearsal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not answer; how far rehearsal {Rehearsal} has come is told later")]
    private partial void LogAway(Exception failure, string rehearsal);
}
