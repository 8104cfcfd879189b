using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Ballots;

/// <summary>
/// Gathers ballots that arrive at the same time into batches. The first goes at once; what arrives within <see cref="BallotBatcherOptions.Gather"/> of it, or while as many
/// batches as may be are under way, joins the next. So an idle server answers without delay, and a busy one pays for a round trip once for hundreds of ballots.
/// </summary>
/// <remarks>Ballots of one fan that are cast without awaiting the earlier one may be recorded in either order.</remarks>
internal sealed partial class BallotBatcher(IBallotBox box, IOptions<BallotBatcherOptions> options, TimeProvider time, ILogger<BallotBatcher> logger)
{
    private readonly BallotBatcherOptions _options = options.Value;
    private readonly TimeProvider _time = time;
    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private int _pending;

    /// <summary>How many ballots wait or are under way.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>How many interactions have any.</summary>
    public int BusyInteractions => _lanes.Count;

    /// <summary>Records a ballot, together with others.</summary>
    /// <param name="interaction">The poll, or the question.</param>
    /// <param name="rules">Its rules.</param>
    /// <param name="ballot">The ballot.</param>
    /// <param name="cancellationToken">Looked at before the ballot is in a batch, and not again: from then on it is recorded or fails, within the time that the store may take.</param>
    /// <returns>What became of it, once that is recorded.</returns>
    /// <exception cref="BallotBoxOverloadedException">Too many are waiting; the ballot is not recorded.</exception>
    /// <exception cref="BallotBoxUnavailableException">The batch failed; whether the ballot is recorded is unknown.</exception>
    /// <exception cref="ArgumentException">No box can hold such a ballot.</exception>
    public Task<CastResult> CastAsync(string interaction, BallotRules rules, Ballot ballot, CancellationToken cancellationToken)
    {
        // Here, and not only in the box: there it would fail the batch, and with it the ballots of others.
        rules.Validate(ballot);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<CastResult>(cancellationToken);
        }

        if (Interlocked.Increment(ref _pending) > _options.MaxPending)
        {
            Interlocked.Decrement(ref _pending);
            throw Overloaded();
        }

        var waiter = new Waiter(rules, ballot);
        while (true)
        {
            var lane = _lanes.GetOrAdd(interaction, static (name, batcher) => new Lane(batcher, name), this);
            switch (lane.TryEnqueue(waiter))
            {
                case Enqueued.Yes:
                    return waiter.Task;
                case Enqueued.Full:
                    Interlocked.Decrement(ref _pending);
                    throw Overloaded();
                default:
                    // It was let go of at this very moment: there will be another.
                    continue;
            }
        }
    }

    /// <summary>The refusal of a ballot that is one too many.</summary>
    public BallotBoxOverloadedException Overloaded() => new(_options.RetryAfter * (1 + Random.Shared.NextDouble()));

    private async Task SendAsync(string interaction, Waiter[] batch)
    {
        IReadOnlyList<CastResult>? results = null;
        Exception? failure = null;
        try
        {
            results = await box.CastAsync(interaction, batch[0].Rules, Array.ConvertAll(batch, w => w.Ballot));
            if (results.Count != batch.Length)
            {
                failure = new InvalidOperationException($"{results.Count} results for {batch.Length} ballots.");
            }
        }
        catch (Exception e)
        {
            // Whatever it was, nobody may wait for ever, and nobody may take a ballot for recorded.
            failure = e;
        }

        if (failure is not null)
        {
            LogFailed(logger, interaction, batch.Length, failure);
        }

        Interlocked.Add(ref _pending, -batch.Length);
        for (var from = 0; from < batch.Length; from += Answers.AtATime)
        {
            ThreadPool.UnsafeQueueUserWorkItem(new Answers(batch, results, failure, from), preferLocal: false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} ballots for {Interaction} failed; whether it was recorded is unknown")]
    private static partial void LogFailed(ILogger logger, string interaction, int count, Exception exception);

    private enum Enqueued
    {
        Yes,
        Full,
        LaneClosed,
    }

    /// <summary>Tells some of a batch what became of their ballots, one after the other: to queue each by itself costs more than to answer it.</summary>
    private sealed class Answers(Waiter[] batch, IReadOnlyList<CastResult>? results, Exception? failure, int from) : IThreadPoolWorkItem
    {
        public const int AtATime = 32;

        public void Execute()
        {
            for (var i = from; i < Math.Min(from + AtATime, batch.Length); i++)
            {
                if (failure is null)
                {
                    batch[i].SetResult(results![i]);
                }
                else
                {
                    batch[i].Fail(failure);
                }
            }
        }
    }

    // Goes on where it is told: see Answers.
    private sealed class Waiter(BallotRules rules, Ballot ballot) : TaskCompletionSource<CastResult>
    {
        public BallotRules Rules { get; } = rules;

        public Ballot Ballot { get; } = ballot;

        public void Fail(Exception cause)
        {
            SetException(new BallotBoxUnavailableException("The ballot could not be recorded, or it is not known that it was.", cause));
        }
    }

    /// <summary>The ballots of one interaction. Let go of as soon as there are none and it has rested.</summary>
    private sealed class Lane(BallotBatcher batcher, string interaction)
    {
        private readonly Queue<Waiter> _waiting = new();
        private int _senders;
        private bool _resting;
        private bool _closed;

        // What waits may leave: a full batch always, a smaller one after the rest.
        private bool IsDue => _waiting.Count >= batcher._options.MaxBatch || (_waiting.Count > 0 && !_resting);

        public Enqueued TryEnqueue(Waiter waiter)
        {
            lock (_waiting)
            {
                if (_closed)
                {
                    return Enqueued.LaneClosed;
                }

                if (_waiting.Count >= batcher._options.MaxWaitingPerInteraction)
                {
                    return Enqueued.Full;
                }

                _waiting.Enqueue(waiter);
                StartIfDue();
            }

            return Enqueued.Yes;
        }

        private void StartIfDue()
        {
            if (!IsDue || _senders >= batcher._options.MaxInFlight)
            {
                return;
            }

            _senders++;
            Rest();
            // On the pool: what arrives before it runs joins the batch.
            ThreadPool.UnsafeQueueUserWorkItem(static lane => _ = lane.RunAsync(), this, preferLocal: false);
        }

        private void Rest()
        {
            if (!_resting && batcher._options.Gather > TimeSpan.Zero)
            {
                _resting = true;
                _ = EndRestAsync();
            }
        }

        private async Task EndRestAsync()
        {
            await Task.Delay(batcher._options.Gather, batcher._time);
            lock (_waiting)
            {
                _resting = false;
                StartIfDue();
                CloseIfIdle();
            }
        }

        private async Task RunAsync()
        {
            for (var batch = TakeBatch(); batch is not null; batch = TakeNextIfDue())
            {
                // Another sender may have taken all that this one was started for.
                if (batch.Length > 0)
                {
                    await batcher.SendAsync(interaction, batch);
                }
            }
        }

        private Waiter[]? TakeNextIfDue()
        {
            lock (_waiting)
            {
                if (IsDue)
                {
                    Rest();
                    return TakeBatch();
                }

                _senders--;
                CloseIfIdle();
                return null;
            }
        }

        private void CloseIfIdle()
        {
            if (_waiting.Count == 0 && _senders == 0 && !_resting)
            {
                _closed = true;
                batcher._lanes.TryRemove(KeyValuePair.Create(interaction, this));
            }
        }

        private Waiter[] TakeBatch()
        {
            lock (_waiting)
            {
                // A batch has one set of rules. They do not change while ballots come in; should they, what follows goes with the next.
                var batch = new Waiter[Math.Min(_waiting.Count, batcher._options.MaxBatch)];
                var count = 0;
                while (count < batch.Length && (count == 0 || _waiting.Peek().Rules == batch[0].Rules))
                {
                    batch[count++] = _waiting.Dequeue();
                }

                return count == batch.Length ? batch : batch[..count];
            }
        }
    }
}
