using System.Security.Cryptography;
using System.Text;
using FanHub.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Polls;

public abstract class CertificationTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task The_digest_can_be_computed_by_anyone_from_the_result()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open");
        await host.CastAsync(poll, (1, 1), (2, 2), (2, 2), (3, 2));
        var result = (await host.DoAsync(poll, "close")).Body.GetProperty("result");

        long Ms(string name) => result.GetProperty(name).GetDateTimeOffset().ToUnixTimeMilliseconds();
        var text = $"fanhub-result-v1\npoll={poll}\nchannel=c\nopened={Ms("openedAt")}\nclosed={Ms("closedAt")}\nballots=3\nchanged=0\nrepeated=1\nlate=0\nrefused=0\noption:a=1\noption:b=2\n";
        result.GetProperty("digest").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        result.GetProperty("accepted").GetInt64().ShouldBe(3);
        result.TryGetProperty("mismatch", out _).ShouldBeFalse();
        host.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_running_count_that_differs_from_the_recount_raises_the_alarm_and_the_recount_stands()
    {
        FaultyBox? box = null;
        await using var host = await StartAsync(box: real => box = new FaultyBox(real) { Distort = t => t with { Counts = [7, 7], Ballots = 14 } });
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open");
        await host.CastAsync(poll, (1, 1), (2, 2));
        var result = (await host.DoAsync(poll, "close")).Body.GetProperty("result");

        result.GetProperty("counts").GetProperty("a").GetInt64().ShouldBe(1);
        result.GetProperty("ballots").GetInt64().ShouldBe(2);
        result.GetProperty("mismatch").GetProperty("runningCounts").GetProperty("a").GetInt64().ShouldBe(7);
        result.GetProperty("mismatch").GetProperty("runningBallots").GetInt64().ShouldBe(14);
        host.Logs.Errors.ShouldContain(e => e.Contains("ALARM", StringComparison.Ordinal));
        (await host.DataAsync($"tally:{poll}"))!.Value.GetProperty("ballots").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Ballots_that_name_more_than_they_may_are_not_counted_and_raise_the_alarm()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open");
        await host.CastAsync(poll, (1, 1), (2, 3));
        var result = (await host.DoAsync(poll, "close")).Body.GetProperty("result");

        result.GetProperty("ballots").GetInt64().ShouldBe(1);
        result.GetProperty("mismatch").GetProperty("unreadable").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_crash_between_sealing_and_saving_heals_at_the_next_start()
    {
        var place = await NewPlaceAsync();
        string poll;
        FaultyBox? box = null;
        await using (var host = await StartAsync(place, box: real => box = new FaultyBox(real)))
        {
            poll = await host.NewPollAsync();
            await host.DoAsync(poll, "open");
            await host.CastAsync(poll, (1, 1), (2, 2));
            box!.CrashAfterSeal = true;
            (await host.PostAsync($"polls/{poll}/close")).Status.ShouldBe(500);
            (await host.GetAsync($"polls/{poll}")).State.ShouldBe("open");
            (await host.Box.FindAsync(poll))!.Sealed.ShouldBeTrue();
        }

        await using var again = await StartAsync(place);
        await Eventually.TrueAsync(async () => (await again.DataAsync($"poll:{poll}"))?.GetProperty("state").GetString() == "closed", "fans see it closed");
        var closed = await again.GetAsync($"polls/{poll}");
        closed.State.ShouldBe("closed");
        closed.Body.GetProperty("result").GetProperty("ballots").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task A_box_that_stays_sealed_under_an_open_poll_is_closed_while_the_server_runs()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(time: time);
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open");
        await host.Box.SealAsync(poll, "c", 2);

        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return (await host.GetAsync($"polls/{poll}")).State == "closed";
            },
            "it is closed");
    }
}

public sealed class CertificationOnSqlite() : CertificationTests(Sqlite);

public sealed class CertificationOnPostgres(PostgresFixture postgres) : CertificationTests(postgres.NewDatabaseAsync);
