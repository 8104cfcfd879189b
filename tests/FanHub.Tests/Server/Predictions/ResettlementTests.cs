using System.Globalization;
using FanHub.Realtime.Redis;
using FanHub.Server.Ballots;
using FanHub.Server.Leaderboards;
using FanHub.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Predictions;

public sealed class EmbeddedResettlementTests : ResettlementTests
{
    private protected override async Task<Nodes> StartAsync()
    {
        // One server has one worker. A second one on the same stores is what an old one is that did not end yet.
        var host = await EditorialHost.StartAsync(new Place(EditorialHost.NewDirectory(), Postgres: null), box: real => new Model.UnclaimedBox(real));
        return new Nodes([host], [Worker(host), Worker(host)], []);
    }
}

public sealed class ScaledOutResettlementTests(PostgresFixture postgres, RedisFixture redis) : ResettlementTests
{
    private protected override async Task<Nodes> StartAsync()
    {
        var (database, prefix) = (await postgres.NewDatabaseAsync(), redis.FreshPrefix());
        var connections = new[] { await redis.ConnectAsync(prefix), await redis.ConnectAsync(prefix) };
        var hosts = new List<EditorialHost>();
        foreach (var connection in connections)
        {
            hosts.Add(await EditorialHost.StartAsync(new Place(EditorialHost.NewDirectory(), database), box: real => new Model.UnclaimedBox(real), live: new RedisSide(connection)));
        }

        return new Nodes(hosts, [.. hosts.Select(Worker)], connections);
    }
}

/// <summary>However often and in whatever order it was decided how predictions ended, and whoever gives the points meanwhile: at the end only the last decisions count.</summary>
public abstract class ResettlementTests
{
    private const int Games = 5;
    private const int Decisions = 6;
    private const int Options = 4;
    private static readonly long[] Fans = [.. Enumerable.Range(0, 40).Select(i => 3_000_000L + (i * 211))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Totals_are_as_if_the_last_decision_had_come_first(int seed)
    {
        var random = new Random(seed);
        await using var nodes = await StartAsync();
        var host = nodes.Hosts[0];
        string[] channels = ["changed", "direct"];
        foreach (var channel in channels)
        {
            (await host.PutAsync($"channels/{channel}", new { title = new { en = channel }, defaultLocale = "en" })).Status.ShouldBe(201);
        }

        // The same twice: here it is changed again and again, there the last decision is the first.
        var games = new List<Game>();
        for (var i = 0; i < Games; i++)
        {
            var (points, ballots) = (random.Next(1, 500), Fans.Where(_ => random.Next(3) > 0).ToDictionary(f => f, _ => (ulong)random.Next(1, 1 << Options)));
            games.Add(new Game(await LockedAsync(host, channels[0], points, ballots), await LockedAsync(host, channels[1], points, ballots), points, ballots, Story(random)));
        }

        using var over = new CancellationTokenSource();
        var workers = nodes.Workers.Select(worker => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await worker.RunAsync(CancellationToken.None);
                await Task.Delay(1);
            }
        })).ToList();
        // Each prediction is decided again and again, all of them at the same time, at one node and the other, while points are given.
        await Task.WhenAll(games.Select((game, i) => DecideAsync(nodes, game, new Random(seed + i))));
        foreach (var game in games)
        {
            await DecideAsync(host, game.Direct, game.Decisions[^1]);
        }

        await over.CancelAsync();
        await Task.WhenAll(workers);
        foreach (var worker in nodes.Workers)
        {
            await Eventually.TrueAsync(() => worker.RunAsync(CancellationToken.None), "all points are given");
        }

        var expected = Fans.Where(f => games.Any(g => g.Ballots.ContainsKey(f))).ToDictionary(f => f, f => games.Sum(g => g.PointsOf(f)));
        var changed = await TotalsAsync(host, channels[0]);
        changed.ShouldBe(expected, ignoreOrder: true);
        (await TotalsAsync(host, channels[1])).ShouldBe(changed, ignoreOrder: true);
        foreach (var game in games)
        {
            // The record says all of it, and what counts at its end.
            var settlements = (await host.GetAsync($"predictions/{game.Changed}")).Body.GetProperty("settlements").EnumerateArray().ToList();
            settlements.Select(s => s.GetProperty("number").GetInt32()).ShouldBe(Enumerable.Range(1, settlements.Count));
            settlements.Count.ShouldBeGreaterThanOrEqualTo(Decisions);
            settlements[^1].GetProperty("void").GetBoolean().ShouldBe(game.Decisions[^1] is null);
            settlements[^1].GetProperty("correct").EnumerateArray().Select(c => c.GetString()).ShouldBe(game.Decisions[^1] ?? []);
        }

        nodes.Hosts.SelectMany(h => h.Logs.Errors).ShouldBeEmpty();
    }

    private protected abstract Task<Nodes> StartAsync();

    private protected static AwardWorker Worker(EditorialHost host) => ActivatorUtilities.CreateInstance<AwardWorker>(host.Services);

    // What is void cannot be made void again, and the same again is no decision.
    private static string[]?[] Story(Random random)
    {
        var decisions = new List<string[]?>();
        for (var i = 0; i < Decisions; i++)
        {
            string[]? next;
            do
            {
                next = random.Next(4) == 0 ? null : [.. Enumerable.Range(0, Options).Where(_ => random.Next(2) == 0).Select(Id)];
            }
            while (i > 0 && (next is null ? decisions[^1] is null : decisions[^1]?.SequenceEqual(next, StringComparer.Ordinal) == true));
            decisions.Add(next);
        }

        return [.. decisions];
    }

    private static string Id(int option) => ((char)('a' + option)).ToString(CultureInfo.InvariantCulture);

    private static async Task<string> LockedAsync(EditorialHost host, string channel, int points, Dictionary<long, ulong> ballots)
    {
        var made = await host.PostAsync("predictions", new
        {
            channel,
            title = new { en = "Who?" },
            options = Enumerable.Range(0, Options).Select(o => new { id = Id(o), label = new { en = Id(o) } }),
            maxChoices = Options,
            points,
        });
        (await host.PostAsync($"predictions/{made.Id}/open")).Status.ShouldBe(200);
        await host.Box.CastAsync(made.Id, new BallotRules(Options, Changeable: false), [.. ballots.Select(b => new Ballot(b.Key, new StoredBallot(b.Value, 1, 5)))]);
        (await host.PostAsync($"predictions/{made.Id}/lock")).Status.ShouldBe(200);
        return made.Id;
    }

    private static async Task DecideAsync(Nodes nodes, Game game, Random random)
    {
        foreach (var decision in game.Decisions)
        {
            if (random.Next(3) == 0)
            {
                // Two editors at the same moment: either both decide, one after the other, or one is told to look again.
                var rivals = await Task.WhenAll(nodes.Hosts.Append(nodes.Hosts[0]).Take(2).Select((host, i) => host.PostAsync($"predictions/{game.Changed}/settle", new { correct = new[] { Id(i) } })));
                rivals.Select(r => r.Status).ShouldBeSubsetOf([200, 409]);
                rivals.ShouldContain(r => r.Status == 200);
            }

            await DecideAsync(nodes.Hosts[random.Next(nodes.Hosts.Count)], game.Changed, decision);
            if (random.Next(2) == 0)
            {
                await Task.Delay(random.Next(30));
            }
        }
    }

    private static async Task DecideAsync(EditorialHost host, string prediction, string[]? decision)
    {
        var reply = decision is null ? await host.PostAsync($"predictions/{prediction}/void") : await host.PostAsync($"predictions/{prediction}/settle", new { correct = decision });
        reply.Status.ShouldBe(200, reply.Content);
    }

    private static async Task<Dictionary<long, long>> TotalsAsync(EditorialHost host, string channel)
    {
        var totals = new Dictionary<long, long>();
        await foreach (var row in host.Services.GetRequiredService<ILeaderboard>().ReadAllAsync(FindStanding.OfPredictions(channel)))
        {
            totals[row.Fan] = row.Points;
        }

        return totals;
    }

    /// <summary>A prediction that is made twice.</summary>
    /// <param name="Changed">The one that is decided again and again.</param>
    /// <param name="Direct">The one for which the last decision is the first.</param>
    /// <param name="Points">What each correct outcome earns.</param>
    /// <param name="Ballots">The ballots in both.</param>
    /// <param name="Decisions">The correct outcomes, or null for void.</param>
    private sealed record Game(string Changed, string Direct, int Points, Dictionary<long, ulong> Ballots, string[]?[] Decisions)
    {
        public long PointsOf(long fan) => Points * (long)(Decisions[^1] ?? []).Count(c => (Ballots.GetValueOrDefault(fan) >> (c[0] - 'a') & 1) == 1);
    }

    /// <summary>Editor nodes, those who give points at them, and what they meet in.</summary>
    private protected sealed record Nodes(IReadOnlyList<EditorialHost> Hosts, IReadOnlyList<AwardWorker> Workers, IReadOnlyList<RedisConnection> Connections) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var host in Hosts)
            {
                await host.DisposeAsync();
            }

            foreach (var connection in Connections)
            {
                await connection.DisposeAsync();
            }
        }
    }
}
