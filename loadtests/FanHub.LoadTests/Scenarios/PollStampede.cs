using System.Diagnostics;
using FanHub.Contracts;
using FanHub.LoadTests.Editors;
using FanHub.LoadTests.Followers;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Sockets;
using FanHub.LoadTests.Voting;

namespace FanHub.LoadTests.Scenarios;

/// <summary>A poll opens, and everybody votes within seconds; or, with a rate, votes come at a steady rate whatever the answers do. Every receipt is counted once.</summary>
internal static class PollStampede
{
    private const int Seed = 20260711;
    private const int WarmUpRate = 2_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it.</summary>
    public static async Task<ScenarioResult> RunAsync(LoadOptions options, Stages stages, CancellationToken cancellationToken)
    {
        var load = options.Rush;
        using var cost = Cost.Of(options.FanPids);
        using var redis = Cost.Of(options.RedisPid is { } pid ? [pid] : []);
        await using var editor = new EditorApi(options.Editor, options.Key);
        var channel = await editor.MakeChannelAsync("poll-stampede", cancellationToken);
        var changeable = load.BallotRate is not null;
        var (warmUp, book) = (new StampedeBook(changeable: true), new StampedeBook(changeable));
        LeanVoter[] voters = [];
        var sessions = await FollowerCrowd.StartSessionsAsync(options, stages, load.Connections, cancellationToken);
        await using var crowd = new LeanCrowd(load.Connections);

        // The first votes are for compilers, in a poll of their own.
        var early = await OpenAsync(changeable: true);
        await GatherAsync(warmUp, "connect and follow");
        await stages.DuringAsync("warm up", SteadyAsync(warmUp, early, WarmUpRate, load.WarmUpSeconds));
        await CloseAsync(early);
        await crowd.LeaveAsync();

        await GatherAsync(book, "connect and follow again");
        var poll = await OpenAsync(changeable);
        var (cpu, redisCpu, generator) = (cost.Cpu, redis.Cpu, Environment.CpuUsage.TotalTime);
        await stages.DuringAsync("vote", load.BallotRate is { } rate ? SteadyAsync(book, poll, rate, load.Seconds) : StampedeAsync());
        var (spent, redisSpent, generatorSpent) = (cost.Cpu - cpu, redis.Cpu - redisCpu, Environment.CpuUsage.TotalTime - generator);
        var result = await CloseAsync(poll);
        await crowd.LeaveAsync();

        var counts = result.GetProperty("counts");
        var certified = LeanVoter.Options.Select(o => counts.TryGetProperty(o, out var count) ? count.GetInt64() : 0).ToList();
        var burst = Stopwatch.GetElapsedTime(book.FirstAt, Math.Max(book.FirstAt, book.LastAt)).TotalSeconds;
        var acknowledged = Math.Max(1, book.Acknowledged);
        var metrics = new List<Metric>
        {
            new("voters", load.Connections, FormattableString.Invariant($"on {options.Nodes.Count} node(s), each with a connection and a session of its own")),
            new("ballots sent", book.Sent, load.BallotRate is { } asked ? FormattableString.Invariant($"at {asked:N0} a second, changing earlier ones") : FormattableString.Invariant($"within {load.Seconds} s")),
            new("ballots acknowledged", book.Acknowledged, FormattableString.Invariant($"{book.Accepted:N0} accepted, {book.Changed:N0} changed, {book.Repeated:N0} repeated")),
            new("refused as they should be", book.SecondsRefused, "second votes"),
            new("rate, from the first ballot to the last receipt", book.Acknowledged / Math.Max(0.001, burst), "ballots per s"),
            new("receipt, p50", book.Receipts.PercentileMs(50), "ms"),
            new("receipt, p90", book.Receipts.PercentileMs(90), "ms"),
            new("receipt, p99", book.Receipts.PercentileMs(99), "ms"),
            new("receipt, max", book.Receipts.MaxMs, "ms"),
            new("server CPU per acknowledged ballot", spent.TotalMicroseconds / acknowledged, "us"),
        };
        if (redis.Known)
        {
            metrics.Add(new("Redis CPU per acknowledged ballot", redisSpent.TotalMicroseconds / acknowledged, "us"));
        }

        metrics.Add(new("load generator CPU per acknowledged ballot", generatorSpent.TotalMicroseconds / acknowledged, "us"));
        metrics.Add(new("load average at the end", LoadAverage.Now, ""));
        return new ScenarioResult("poll-stampede", book.Checks(certified, result.GetProperty("ballots").GetInt64(), crowd.Lost), metrics);

        async Task GatherAsync(StampedeBook answers, string stage)
        {
            voters = [.. sessions.Select((s, i) => new LeanVoter(i, s.Node, s.Token, channel, answers))];
            await crowd.GatherAsync(voters, stages.Begin(stage, voters.Length), cancellationToken);
        }

        async Task<string> OpenAsync(bool changeable)
        {
            var id = await editor.DraftPollAsync(channel, "Load test: who wins?", LeanVoter.Options, TallyVisibility.AfterClose, cancellationToken, changeable);
            await editor.TellAsync(id, "open", cancellationToken);
            return id;
        }

        async Task<System.Text.Json.JsonElement> CloseAsync(string id) => (await editor.TellAsync(id, "close", cancellationToken)).GetProperty("result");

        Task SteadyAsync(StampedeBook answers, string id, double perSecond, double seconds)
        {
            var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var (total, sent) = ((int)(perSecond * seconds), 0);
            crowd.Loop.Post(() =>
            {
                var begin = Stopwatch.GetTimestamp();
                Step();

                void Step()
                {
                    var due = Math.Min(total, (int)(Stopwatch.GetElapsedTime(begin).TotalSeconds * perSecond) + 1);
                    for (; sent < due; sent++)
                    {
                        var (voter, turn) = (sent % voters.Length, sent / voters.Length);
                        voters[voter].Vote(id, (voter + turn) % LeanVoter.Options.Length, BallotKind.Meant, begin + (long)(sent / perSecond * Stopwatch.Frequency));
                    }

                    if (sent == total)
                    {
                        all.SetResult();
                    }
                    else
                    {
                        crowd.Loop.After(TimeSpan.FromMilliseconds(1), Step);
                    }
                }
            });
            return AnsweredAsync(answers, all.Task);
        }

        Task StampedeAsync()
        {
            var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            crowd.Loop.Post(() =>
            {
                var random = new Random(Seed);
                var open = voters.Length;
                foreach (var voter in voters)
                {
                    var (option, resends, seconds) = (random.Next(LeanVoter.Options.Length), Happens(options.Duplicates), Happens(options.SecondVotes));
                    var dueAt = Stopwatch.GetTimestamp() + (long)(random.NextDouble() * load.Seconds * Stopwatch.Frequency);
                    crowd.Loop.At(dueAt, () => voter.Vote(poll, option, BallotKind.Meant, dueAt, Then));

                    void Then()
                    {
                        if (resends)
                        {
                            resends = false;
                            voter.Vote(poll, option, BallotKind.Resent, Stopwatch.GetTimestamp(), Then);
                        }
                        else if (seconds)
                        {
                            seconds = false;
                            voter.Vote(poll, (option + 1) % LeanVoter.Options.Length, BallotKind.Second, Stopwatch.GetTimestamp(), Then);
                        }
                        else if (--open == 0)
                        {
                            all.SetResult();
                        }
                    }
                }

                bool Happens(double percent) => random.NextDouble() * 100 < percent;
            });
            return crowd.WaitAsync(all.Task, TimeSpan.FromSeconds(load.Seconds) + Patience, "Voting", cancellationToken);
        }

        async Task AnsweredAsync(StampedeBook answers, Task sending)
        {
            await crowd.WaitAsync(sending, cancellationToken);
            await Task.WhenAny(answers.AnsweredAsync(answers.Sent), Task.Delay(Patience, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
