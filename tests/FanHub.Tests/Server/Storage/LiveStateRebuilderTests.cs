using FanHub.Server.Storage;
using FanHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Storage;

public abstract class LiveStateRebuilderTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task A_server_that_starts_with_an_empty_log_shows_fans_what_they_saw_before()
    {
        var place = await NewPlaceAsync();
        var polls = new Dictionary<string, string>(StringComparer.Ordinal);
        var before = new Dictionary<string, string>(StringComparer.Ordinal);
        await using (var host = await StartAsync(place))
        {
            foreach (var (name, steps) in Polls)
            {
                var poll = polls[name] = await host.NewPollAsync(new { visibility = name.StartsWith("gated", StringComparison.Ordinal) ? "after_vote" : "live" });
                foreach (var step in steps)
                {
                    await host.DoAsync(poll, step);
                    if (step == "open")
                    {
                        await host.CastAsync(poll, (1, 1), (2, 2), (3, 2));
                    }
                }
            }

            // Running counts are left out: the first look at a new channel publishes them, sooner or later.
            foreach (var entry in (await host.Log.ReadAsync("c"))!.Items.Where(e => !System.Text.Encoding.UTF8.GetString(e.Item.Data.Span).Contains("\"final\":false", StringComparison.Ordinal)))
            {
                before[entry.Item.Key] = Shown(entry.Item);
            }
        }

        await using var again = await StartAsync(place);
        var after = (await again.Log.ReadAsync("c"))!.Items.ToDictionary(e => e.Item.Key, e => Shown(e.Item), StringComparer.Ordinal);
        foreach (var (key, shown) in before)
        {
            after[key].ShouldBe(shown);
        }

        // Running counts are the ballot side's to publish; a rebuilt channel has them at once.
        after.Keys.Except(before.Keys).ShouldBe([$"tally:{polls["open"]}", $"tally:{polls["gated open"]}"], ignoreOrder: true);
        (await again.ItemAsync($"tally:{polls["gated open"]}"))!.Gate.ShouldBe(polls["gated open"]);
        (await again.DataAsync($"tally:{polls["open"]}"))!.Value.GetProperty("ballots").GetInt64().ShouldBe(3);
        again.Services.GetRequiredService<LiveStateRebuilder>().Rebuilt.IsCompletedSuccessfully.ShouldBeTrue();

        static string Shown(FanHub.Realtime.Channels.Item item) =>
            $"{item.Version} {item.Class} {item.At.ToUnixTimeMilliseconds()} {item.Gate} {item.DefaultLocale} {System.Text.Encoding.UTF8.GetString(item.Data.Span)}";
    }

    [Fact]
    public async Task A_channel_that_loses_its_log_while_the_server_runs_is_rebuilt()
    {
        var log = new ReplaceableLog();
        await using var host = await StartAsync(log: log);
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open");
        log.Inner = EditorialHost.NewLog();

        await Eventually.TrueAsync(async () => await host.ItemAsync($"poll:{poll}") is not null, "the poll is there again");
    }

    [Fact]
    public async Task A_log_that_comes_back_as_it_was_earlier_loses_what_was_taken_away_since()
    {
        var place = await NewPlaceAsync();
        var older = EditorialHost.NewLog();
        string revoked, cancelled;
        await using (var host = await StartAsync(place, older))
        {
            revoked = await host.NewPollAsync();
            cancelled = await host.NewPollAsync();
            foreach (var poll in new[] { revoked, cancelled })
            {
                await host.DoAsync(poll, "open", "close");
                (await host.ItemAsync($"tally:{poll}")).ShouldNotBeNull();
            }
        }

        await using (var host = await StartAsync(place))
        {
            await host.DoAsync(revoked, "revoke");
            await host.DoAsync(cancelled, "cancel");
        }

        await using var again = await StartAsync(place, older);
        (await again.ItemAsync($"poll:{revoked}")).ShouldBeNull();
        (await again.ItemAsync($"tally:{revoked}")).ShouldBeNull();
        (await again.ItemAsync($"tally:{cancelled}")).ShouldBeNull();
        (await again.DataAsync($"poll:{cancelled}"))!.Value.GetProperty("state").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task Where_the_live_side_is_away_at_start_the_server_starts_and_rebuilds_later()
    {
        var place = await NewPlaceAsync();
        string poll;
        await using (var host = await StartAsync(place))
        {
            poll = await host.NewPollAsync();
            await host.DoAsync(poll, "open");
        }

        var log = new FaultyLog(EditorialHost.NewLog()) { Away = true };
        await using var again = await StartAsync(place, log);
        var rebuilder = again.Services.GetRequiredService<LiveStateRebuilder>();
        rebuilder.Rebuilt.IsCompleted.ShouldBeFalse();
        (await rebuilder.CheckHealthAsync(new())).Status.ShouldBe(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);

        log.Away = false;
        await rebuilder.Rebuilt.WaitAsync(TimeSpan.FromSeconds(10));
        (await again.ItemAsync($"poll:{poll}")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_closed_poll_whose_box_forgot_that_it_was_sealed_is_sealed_again()
    {
        var place = await NewPlaceAsync();
        string poll;
        await using (var host = await StartAsync(place))
        {
            poll = await host.NewPollAsync();
            await host.DoAsync(poll, "open", "close");
        }

        foreach (var file in Directory.GetFiles(place.Directory).Where(f => Path.GetFileName(f).StartsWith("ballots", StringComparison.Ordinal)))
        {
            File.Delete(file);
        }

        await using var again = await StartAsync(place);
        (await again.Box.FindAsync(poll))!.Sealed.ShouldBeTrue();
    }

    private static readonly Dictionary<string, string[]> Polls = new(StringComparer.Ordinal)
    {
        ["draft"] = [],
        ["open"] = ["open"],
        ["closed"] = ["open", "close"],
        ["revealed"] = ["open", "close", "reveal"],
        ["cancelled"] = ["open", "cancel"],
        ["revoked"] = ["open", "close", "revoke"],
        ["gated open"] = ["open"],
        ["gated closed"] = ["open", "close"],
        ["gated revealed"] = ["open", "close", "reveal"],
    };
}

public sealed class LiveStateRebuilderOnSqlite() : LiveStateRebuilderTests(Sqlite);

public sealed class LiveStateRebuilderOnPostgres(PostgresFixture postgres) : LiveStateRebuilderTests(postgres.NewDatabaseAsync);
