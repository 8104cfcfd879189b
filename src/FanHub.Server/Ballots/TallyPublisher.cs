using System.Collections.Concurrent;
using FanHub.Realtime.Channels;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Ballots;

/// <summary>
/// Sends running counts out a few times a second, however many ballots come in. Every node that took a ballot asks for the next turn until it has had one: the last ballot's
/// count always goes out, even where the node with the turn dies.
/// </summary>
internal sealed partial class TallyPublisher(IBallotBox box, IChannelLog log, IOptions<VotingOptions> options, TimeProvider time, ILogger<TallyPublisher> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, Pending> _changed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Refusals> _refused = new(StringComparer.Ordinal);

    /// <summary>Notes that the count of an interaction has moved.</summary>
    public void Changed(Interaction interaction)
    {
        if (interaction.CountsInPublic)
        {
            _changed.AddOrUpdate(interaction.Id, static (_, i) => new Pending(i, 1), static (_, p, i) => new Pending(i, p.Marks + 1), interaction);
        }
    }

    /// <summary>Notes a ballot that was refused before it reached the box, for the record.</summary>
    public void Refused(string interaction, bool late) =>
        _refused.AddOrUpdate(interaction, static (_, one) => one, static (_, refusals, one) => refusals.Plus(one), late ? new Refusals(Late: 1, Other: 0) : new Refusals(Late: 0, Other: 1));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.TallyInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Task.WhenAll(_changed.Keys.Select(id => PublishAsync(id, stoppingToken)));
            await Task.WhenAll(_refused.Keys.Select(RecordRefusalsAsync));
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_refused.Keys.Select(RecordRefusalsAsync));
    }

    private async Task PublishAsync(string id, CancellationToken cancellationToken)
    {
        if (!_changed.TryGetValue(id, out var pending))
        {
            return;
        }

        try
        {
            // A little less than a tick, so that a single node gets a turn at each of its own.
            if (!await box.ClaimTallyAsync(id, options.Value.TallyInterval * 0.9, cancellationToken))
            {
                return;
            }

            var interaction = pending.Interaction;
            var tally = await box.TallyAsync(id, interaction.Rules.Options, cancellationToken);
            if (!tally.Sealed)
            {
                await log.AppendAsync(interaction.Channel, TallyItems.Running(id, interaction.Options, tally, interaction.Gate, time.GetUtcNow()), cancellationToken: cancellationToken);
            }

            // Ballots recorded since then have marked it anew, and it stays.
            _changed.TryRemove(new(id, pending));
        }
        catch (Exception e) when (e is BallotBoxUnavailableException or LogUnavailableException)
        {
            NotPublished(logger, id, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            PublishingFailed(logger, id, e);
        }
    }

    private async Task RecordRefusalsAsync(string id)
    {
        if (!_refused.TryRemove(id, out var refusals))
        {
            return;
        }

        try
        {
            // Not broken off where the node stops: what is on its way would be counted, and then told once more.
            await box.AddRefusedAsync(id, refusals.Late, refusals.Other, CancellationToken.None);
        }
        catch (BallotBoxUnavailableException)
        {
            _refused.AddOrUpdate(id, refusals, (_, newer) => newer.Plus(refusals));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The running count of {Interaction} could not be published: {Reason}; it will be tried again")]
    private static partial void NotPublished(ILogger logger, string interaction, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Publishing the running count of {Interaction} failed")]
    private static partial void PublishingFailed(ILogger logger, string interaction, Exception exception);

    private sealed record Pending(Interaction Interaction, long Marks);

    // Never changed in place: whoever takes them away has all that were noted.
    private sealed record Refusals(long Late, long Other)
    {
        public Refusals Plus(Refusals more) => new(Late + more.Late, Other + more.Other);
    }
}
