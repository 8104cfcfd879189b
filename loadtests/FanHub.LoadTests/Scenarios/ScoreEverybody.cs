using System.Diagnostics;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Scoring;
using FanHub.Server.Ballots;
using FanHub.Server.Leaderboards;

namespace FanHub.LoadTests.Scenarios;

/// <summary>
/// Many have answered; how long it takes until all of them have their points. No server takes part: this process does what an editor node does after a reveal, with the same code and
/// the same stores.
/// </summary>
internal static class ScoreEverybody
{
    private const int Shown = 20;
    private const int WarmUp = 20_000;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>Runs it.</summary>
    public static async Task<ScenarioResult> RunAsync(LoadOptions options, Stages stages, CancellationToken cancellationToken)
    {
        var load = options.Scoring;
        await using var store = await ScoringStore.OpenAsync(load);
        var (checks, metrics) = (new List<Check>(), new List<Metric>());
        // Code that ran often is compiled again, and better.
        await ScoreAsync(store, load, WarmUp, stages, [], [], cancellationToken);
        if (load.Redis is { } address)
        {
            using var ping = new RedisPing(address);
            await Task.Delay(Quiet, cancellationToken);
            metrics.Add(new("another client's PING while nothing else happens, p99", ping.Times.PercentileMs(99), FormattableString.Invariant($"ms, at most {ping.Times.MaxMs:0.0}")));
        }

        foreach (var participants in load.Participants)
        {
            await ScoreAsync(store, load, participants, stages, checks, metrics, cancellationToken);
        }

        metrics.Add(new("load average of the machine", LoadAverage.Now, "(1 minute)"));
        return new ScenarioResult("scoring", checks, metrics);
    }

    private static async Task ScoreAsync(
        ScoringStore store, ScoringLoad load, int participants, Stages stages, List<Check> checks, List<Metric> metrics, CancellationToken cancellationToken)
    {
        var quiz = new ScoringQuiz(load, participants);
        var batches = load.Questions * ((participants + BallotRules.MaxBatch - 1) / BallotRules.MaxBatch);
        var filled = stages.Begin(FormattableString.Invariant($"{participants:N0} answer {load.Questions} questions"), batches);
        for (var question = 0; question < load.Questions; question++)
        {
            await quiz.FillAsync(store.Box, question, _ => filled(), cancellationToken);
        }

        var name = FormattableString.Invariant($"{participants:N0} participants");
        var reading = Stopwatch.StartNew();
        var read = 0L;
        await foreach (var ballot in store.Box.ReadAllAsync(quiz.Rounds.First().Id, quiz.Rounds.First().Options, cancellationToken))
        {
            read++;
        }

        metrics.Add(new($"{name}: reading the ballots of one question, nothing else", reading.Elapsed.TotalMilliseconds, "ms"));
        var give = new GiveAwards(store.Box, store.Boards);
        for (var question = 0; question < load.Questions; question++)
        {
            var job = quiz.Job(store.Box, question);
            var (redis, cpu, collected) = (await RedisWork.AskAsync(store.Redis), Environment.CpuUsage.TotalTime, GC.CollectionCount(2));
            using var ping = load.Redis is { } address ? new RedisPing(address) : null;
            var clock = Stopwatch.StartNew();
            var ballots = await give.RunAsync(job, cancellationToken);
            var given = clock.Elapsed;
            await store.Boards.NextVersionAsync(quiz.Board, cancellationToken);
            await store.Boards.TopAsync(quiz.Board, Shown, cancellationToken);
            var count = await store.Boards.CountAsync(quiz.Board, cancellationToken);
            var readable = clock.Elapsed;
            await give.FinishAsync(job, cancellationToken);
            ping?.Dispose();
            var (spent, work) = (Environment.CpuUsage.TotalTime - cpu, await RedisWork.AskAsync(store.Redis));
            checks.Add(Check.Equal(FormattableString.Invariant($"{name}, question {question + 1}: ballots that were given points for, and participants."), 2L * participants, ballots + count));
            if (question > 0 && question < load.Questions - 1)
            {
                continue;
            }

            var of = FormattableString.Invariant($"{name}, question {question + 1}");
            metrics.Add(new($"{of}: to a leaderboard that can be read", readable.TotalMilliseconds, FormattableString.Invariant($"ms, {(readable - given).TotalMilliseconds:0.#} of them for reading its top")));
            metrics.Add(new($"{of}: this process's CPU", spent.TotalMilliseconds, FormattableString.Invariant($"ms, {GC.CollectionCount(2) - collected} full collections")));
            if (redis is not null && work is not null && ping is not null)
            {
                metrics.Add(new($"{of}: Redis's CPU", work.CpuMs - redis.CpuMs, FormattableString.Invariant($"ms, {1000 * (work.CpuMs - redis.CpuMs) / participants:0.00} us each")));
                metrics.Add(new($"{of}: another client's PING meanwhile, p99", ping.Times.PercentileMs(99), FormattableString.Invariant($"ms, at most {ping.Times.MaxMs:0.0}, of {ping.Times.Count:N0}")));
            }
        }

        var (found, differing) = await stages.DuringAsync("compare everybody's points", quiz.CompareAsync(store.Boards, load.Questions, cancellationToken));
        checks.Add(Check.Equal($"{name}: all of them are on the leaderboard.", participants, found));
        checks.Add(Check.Equal($"{name}: and none has other points, or another time, than the answers make.", 0, differing));
        await give.RunAsync(quiz.Job(store.Box, 0), cancellationToken);
        checks.Add(Check.Equal($"{name}: giving a question's points again gives nothing.", 0, (await quiz.CompareAsync(store.Boards, load.Questions, cancellationToken)).Differing));
        checks.Add(Check.Equal($"{name}: ballots read.", participants, read));
        await store.DropAsync(quiz, cancellationToken);
    }
}
