using System.Diagnostics;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Announcements;
using FanHub.Server.Ballots;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Polls;
using FanHub.Server.Predictions;
using FanHub.Server.Quizzes;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Questions;

/// <summary>
/// Has the clock do once, before the node is ready, whatever it may have to do on time later: what runs for the first time takes some 300 ms longer than it ever will again, and the
/// moment may come when this node is the only one that is left.
/// </summary>
/// <remarks>
/// It is the real code on the real database, the real log and the real ballot box, and nothing stays of it: the rows are those of one transaction that is never committed, on a
/// channel that nobody can make or follow, the log is asked to append only what it drops (<see cref="DryRunLog"/>), the box is only read (<see cref="DryRunBox"/>). Whatever fails
/// about it is logged, and keeps no node from starting.
/// </remarks>
internal sealed partial class ClockDryRun(
    IServiceScopeFactory scopes,
    IEnumerable<IDueWork> work,
    IChannelLog log,
    IBallotBox box,
    LiveStateRebuilder rebuilder,
    TimeProvider time,
    ILogger<ClockDryRun> logger) : BackgroundService
{
    /// <summary>The channels of dry runs begin so, as no channel of an editor can; the rest is told apart, so that nodes which start together do not wait for each other.</summary>
    internal const string ChannelPrefix = "~dry-run-";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private bool _over;

    /// <summary>Before the server listens, where the database and the live side are there.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (rebuilder.Rebuilt.IsCompletedSuccessfully)
        {
            await RunAsync(cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await rebuilder.Rebuilt.WaitAsync(stoppingToken);
            if (!_over)
            {
                await RunAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        _over = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var began = Stopwatch.GetTimestamp();
        Exception? failed = null;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var only = new OnlyOnce(async (services, token) =>
            {
                try
                {
                    await DoAllAsync(services, token);
                }
                catch (Exception failure)
                {
                    failed = failure;
                }
            });
            // A clock that has nothing else to do, and wakes nobody.
            using var clock = ActivatorUtilities.CreateInstance<DueClock>(scope.ServiceProvider, [(IDueWork[])[only], new DueClockSignal(), new OutboxSignal()]);
            await clock.TickAsync(limit.Token);
        }
        catch (Exception failure)
        {
            failed ??= failure;
        }

        if (failed is not null && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(failed);
        }
        else if (failed is null)
        {
            LogDone(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private async Task DoAllAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<FanHubDb>();
        await using (await db.Database.BeginTransactionAsync(cancellationToken))
        {
            var now = time.NowMs();
            var channel = $"{ChannelPrefix}{Guid.NewGuid():N}";
            db.Add(new Channel { Id = channel, Title = Text, DefaultLocale = Locale, RequiredLocales = [], CreatedAt = now, UpdatedAt = now });
            await db.SaveChangesAsync(cancellationToken);
            var ids = AddScheduled(db, channel, now);
            await db.SaveChangesAsync(cancellationToken);
            await DoWhatIsDueAsync(new OffStage(services, new DryRunBox(box)), db, channel, ids, cancellationToken);
        }

        await CommitNothingAsync(db, cancellationToken);
        await ConnectAsync(cancellationToken);
    }

    /// <summary>What ends a step.</summary>
    private static async Task CommitNothingAsync(FanHubDb db, CancellationToken cancellationToken)
    {
        await db.StartOverAsync();
        await db.Database.BeginTransactionAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>Opens as many connections as the clock uses at the same time, which then wait in the pool.</summary>
    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var others = Enumerable.Range(0, DueClock.AtOnce).Select(_ => scopes.CreateAsyncScope()).ToList();
        try
        {
            await Task.WhenAll(others.Select(o => o.ServiceProvider.GetRequiredService<FanHubDb>().Database.OpenConnectionAsync(cancellationToken)));
        }
        finally
        {
            foreach (var other in others)
            {
                await other.DisposeAsync();
            }
        }
    }

    private async Task DoWhatIsDueAsync(OffStage services, FanHubDb db, string channel, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var publisher = ActivatorUtilities.CreateInstance<OutboxPublisher>(services, new DryRunLog(log), services.Box, new OutboxSignal());
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var due = new List<Due>();
            foreach (var some in work)
            {
                due.AddRange((await some.FindAsync(db, cancellationToken)).Where(d => ids.Any(id => d.Key.Contains(id, StringComparison.Ordinal)) && done.Add(d.Key)));
            }

            if (due.Count == 0)
            {
                return;
            }

            foreach (var one in due)
            {
                db.ChangeTracker.Clear();
                await one.Do(services, cancellationToken);
                var rows = await OutboxPublisher.NextAsync(db, cancellationToken);
                await publisher.PublishAsync(db, [.. rows.Where(r => string.Equals(r.Channel, channel, StringComparison.Ordinal))], cancellationToken);
            }
        }
    }

    private static Dictionary<string, string> Text => new(StringComparer.Ordinal) { [Locale] = "A dry run" };

    private const string Locale = "en";

    private static List<QuestionOption> Options => [new("a", Text), new("b", Text)];

    /// <summary>One of each kind, at its moment.</summary>
    private static List<string> AddScheduled(FanHubDb db, string channel, DateTimeOffset now)
    {
        var content = new QuestionContent
        {
            Title = Text,
            Options = Options,
            MaxChoices = 1,
            Changeable = false,
            Visibility = TallyVisibility.Live,
            OpensAt = now,
            ClosesAt = now.AddMilliseconds(1),
            LateWindowMs = 0,
        };
        var poll = Poll.Draft(channel, content, now);
        poll.Schedule(now);
        var prediction = Prediction.Draft(channel, content, new PredictionTerms(1, Unit: null), now);
        prediction.Schedule(now);
        var quiz = Quiz.Draft(
            channel,
            new QuizContent
            {
                Title = Text,
                Scoring = QuizScoring.Accuracy,
                StreakBonus = 0,
                Pace = QuizPace.Timed,
                PauseSeconds = 0,
                MoreTime = true,
                LateWindowMs = 0,
                OpensAt = now,
                Questions = [.. ((string[])["q1", "q2"]).Select(id => new QuizQuestion { Id = id, Text = Text, Options = Options, Correct = ["a"], MaxChoices = 1, Points = 1, Seconds = 1 })],
            },
            now);
        quiz.Schedule(now);
        var announcement = Announcement.Draft(channel, new AnnouncementContent { Title = Text, Severity = AnnouncementSeverity.Info, OpensAt = now }, now);
        announcement.Schedule(now);
        db.AddRange(poll, prediction, quiz, announcement);
        return [poll.Id, prediction.Id, quiz.Id, announcement.Id];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The clock has had a dry run of {TookMs:0} ms")]
    private partial void LogDone(double tookMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock's dry run failed: the first thing that this node does by itself may be late by some 300 ms")]
    private partial void LogFailed(Exception failure);

    /// <summary>Is due once.</summary>
    private sealed class OnlyOnce(Func<IServiceProvider, CancellationToken, Task> run) : IDueWork
    {
        private int _found;

        /// <inheritdoc />
        public Task<IReadOnlyList<Due>> FindAsync(FanHubDb db, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Due>>(Interlocked.Exchange(ref _found, 1) == 0 ? [new Due("dry-run", DateTimeOffset.MinValue, run)] : []);
    }

    /// <summary>A scope's services, but for what would seal a box.</summary>
    private sealed class OffStage(IServiceProvider services, DryRunBox box) : IServiceProvider
    {
        private readonly Certification _certification = ActivatorUtilities.CreateInstance<Certification>(services, box);

        public DryRunBox Box => box;

        /// <inheritdoc />
        public object? GetService(Type serviceType) =>
            serviceType == typeof(QuestionSteps) || serviceType == typeof(QuizSteps) ? ActivatorUtilities.CreateInstance(services, serviceType, _certification)
            : services.GetService(serviceType);
    }
}
