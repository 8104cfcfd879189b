using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Editors;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Scenarios;

/// <summary>Everybody votes within seconds after the opening, some at the very closing; what was acknowledged has to be what was counted.</summary>
internal static class VoteBurst
{
    private const int AtOnce = 32;
    private static readonly TimeSpan SeeLimit = TimeSpan.FromSeconds(15);
    private static readonly string[] Choices = ["a", "b", "c", "d"];

    /// <summary>Runs it.</summary>
    public static async Task<ScenarioResult> RunAsync(LoadOptions options, Stages stages, CancellationToken cancellationToken)
    {
        using var servers = Cost.OfServers(options);
        using var redis = Cost.Of(options.RedisPid is { } pid ? [pid] : []);
        await using var editor = new EditorApi(options.Editor, options.Key);
        var channel = await editor.MakeChannelAsync("vote-burst", cancellationToken);
        var poll = await editor.DraftPollAsync(channel, "Load test: who wins?", Choices, TallyVisibility.Live, cancellationToken);

        var book = new BallotBook();
        var voters = VoterPlans.Make(options, Choices).Select(plan => new Voter(plan, book)).ToList();
        await using var crowd = new Crowd(options.Nodes, voters.Count);
        var arrived = stages.Begin($"connect and follow on {options.Nodes.Count} node(s)", voters.Count);
        await crowd.GatherAsync(channel, number => voters[number].Hear, (_, _) => arrived(), cancellationToken);

        var before = (Servers: servers.Cpu, Redis: redis.Cpu);
        var closing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        JsonElement result;
        (TimeSpan Servers, TimeSpan Redis, long Calls, long Deliveries) spent;
        try
        {
            var voted = stages.Begin("vote", voters.Count);
            var voting = voters.Select((voter, number) => (voter.Plan.AtClosing, Task: VoteAsync(voter, crowd[number], voted))).ToList();
            await editor.TellAsync(poll, "open", cancellationToken);
            await Task.WhenAll(voting.Where(v => !v.AtClosing).Select(v => v.Task));
            spent = (servers.Cpu - before.Servers, redis.Cpu - before.Redis, book.Calls, book.Deliveries);

            closing.SetResult();
            await Task.Delay(VoterPlans.AroundClosing, cancellationToken);
            result = (await editor.TellAsync(poll, "close", cancellationToken)).GetProperty("result");
            await Task.WhenAll(voting.Select(v => v.Task));
        }
        finally
        {
            await stop.CancelAsync();
        }

        var shown = await stages.DuringAsync("see the result", ShownAsync(voters, cancellationToken));
        var differing = await DifferingAsync(voters, crowd, poll, stages.Begin("compare ballots", voters.Count), cancellationToken);
        var lost = crowd.Fans.Where(f => f.Lost is not null).Select(f => f.Lost!).ToList();
        await crowd.LeaveAsync(stages.Begin("leave", voters.Count));

        return new ScenarioResult("vote-burst", VoteChecks.Make(voters, book, result, shown, differing, lost), Metrics());

        async Task VoteAsync(Voter voter, FanSocket fan, Action voted)
        {
            try
            {
                await voter.VoteAsync(fan, poll, closing.Task, stop.Token);
            }
            catch (Exception e) when (e is IOException or TimeoutException or System.Net.WebSockets.WebSocketException)
            {
                book.Unanswered(e.Message);
            }

            voted();
        }

        IReadOnlyList<Metric> Metrics()
        {
            var metrics = new List<Metric>
            {
                new("voters", voters.Count, FormattableString.Invariant($"on {options.Nodes.Count} node(s), each with a connection of its own")),
                new("ballots acknowledged", book.Accepted, FormattableString.Invariant($"and {book.Repeated:N0} resends")),
                new("refused", book.SecondVotesRefused + book.TooLate, FormattableString.Invariant($"{book.SecondVotesRefused:N0} second votes, {book.TooLate:N0} at the closing")),
                new("told to come again", book.Retries, "ballots"),
                new("rate, from the first ballot to the last receipt", book.Receipts.Count / Math.Max(0.001, book.Burst.TotalSeconds), "ballots per s"),
                new("running counts delivered meanwhile", spent.Deliveries, FormattableString.Invariant($"to {voters.Count:N0} fans")),
                new("receipt, p50", book.Receipts.PercentileMs(50), "ms"),
                new("receipt, p90", book.Receipts.PercentileMs(90), "ms"),
                new("receipt, p99", book.Receipts.PercentileMs(99), "ms"),
                new("receipt, max", book.Receipts.MaxMs, "ms"),
            };
            if (servers.Known)
            {
                metrics.Add(new("server CPU per call of Vote, with delivering the running counts", spent.Servers.TotalMicroseconds / Math.Max(1, spent.Calls), "us"));
            }

            if (redis.Known)
            {
                metrics.Add(new("Redis CPU per call of Vote", spent.Redis.TotalMicroseconds / Math.Max(1, spent.Calls), "us"));
            }

            return metrics;
        }
    }

    /// <summary>The counts that fans were shown at the end; null for each who did not get to see one in time.</summary>
    private static async Task<IReadOnlyList<TallyItem?>> ShownAsync(IReadOnlyList<Voter> voters, CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(voters.Select(v => v.SawClosed));
        await Task.WhenAny(all, Task.Delay(SeeLimit, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return [.. voters.Select(v => v.SawClosed.IsCompletedSuccessfully ? v.SawClosed.Result : null)];
    }

    /// <summary>How many fans hold something else than the server says that they hold.</summary>
    private static async Task<int> DifferingAsync(IReadOnlyList<Voter> voters, Crowd crowd, string poll, Action compared, CancellationToken cancellationToken)
    {
        var differing = 0;
        await Parallel.ForAsync(0, voters.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, cancel) =>
        {
            if (!await voters[i].IsHeldAsync(crowd[i], poll, cancel))
            {
                Interlocked.Increment(ref differing);
            }

            compared();
        });
        return differing;
    }
}
