using FanHub.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Polls;

public abstract class PollClockTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly DateTimeOffset Start = new(2028, 7, 21, 20, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_scheduled_poll_opens_at_its_planned_moment_and_closes_after_the_grace()
    {
        var time = new FakeTimeProvider(Start);
        await using var host = await StartAsync(time: time);
        var poll = await host.NewPollAsync(new { opensAt = Start.AddMinutes(1), closesAt = Start.AddMinutes(2) });
        (await host.DoAsync(poll, "open")).State.ShouldBe("scheduled");

        await AdvanceToAsync(time, Start.AddMinutes(1).AddMilliseconds(-10));
        (await host.GetAsync($"polls/{poll}")).State.ShouldBe("scheduled");
        await AdvanceToAsync(time, Start.AddMinutes(1).AddSeconds(1));
        await StateAsync(time, host, poll, "open");
        (await host.GetAsync($"polls/{poll}")).Body.GetProperty("opensAt").GetDateTimeOffset().ShouldBe(Start.AddMinutes(1));
        await host.PublishedAsync();
        (await host.ItemAsync($"poll:{poll}"))!.At.ShouldBe(Start.AddMinutes(1));

        await AdvanceToAsync(time, Start.AddMinutes(2).AddMilliseconds(400));
        (await host.GetAsync($"polls/{poll}")).State.ShouldBe("open");
        await AdvanceToAsync(time, Start.AddMinutes(2).AddMilliseconds(600));
        await StateAsync(time, host, poll, "closed");
        (await host.GetAsync($"polls/{poll}")).Body.GetProperty("closesAt").GetDateTimeOffset().ShouldBe(Start.AddMinutes(2));
        host.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_window_for_delayed_videos_keeps_the_box_open_until_its_end()
    {
        var time = new FakeTimeProvider(Start);
        await using var host = await StartAsync(time: time);
        var poll = await host.NewPollAsync(new { closesAt = Start.AddMinutes(1), lateWindowMs = 20_000 });
        await host.DoAsync(poll, "open");

        await AdvanceToAsync(time, Start.AddMinutes(1).AddSeconds(20));
        (await host.GetAsync($"polls/{poll}")).State.ShouldBe("open");
        await AdvanceToAsync(time, Start.AddMinutes(1).AddSeconds(21));
        await StateAsync(time, host, poll, "closed");
    }

    [Fact]
    public async Task What_came_due_while_nobody_was_up_is_caught_up_at_start()
    {
        var place = await NewPlaceAsync();
        string whole, half;
        await using (var host = await StartAsync(place, time: new FakeTimeProvider(Start)))
        {
            whole = await host.NewPollAsync(new { opensAt = Start.AddMinutes(1), closesAt = Start.AddMinutes(2) });
            half = await host.NewPollAsync(new { opensAt = Start.AddMinutes(1), closesAt = Start.AddHours(2) });
            await host.DoAsync(whole, "open");
            await host.DoAsync(half, "open");
        }

        var time = new FakeTimeProvider(Start.AddHours(1));
        await using var again = await StartAsync(place, time: time);
        await StateAsync(time, again, whole, "closed");
        await StateAsync(time, again, half, "open");
    }

    [Fact]
    public async Task A_poll_is_opened_when_the_live_side_is_back()
    {
        var time = new FakeTimeProvider(Start);
        var log = new FaultyLog(EditorialHost.NewLog());
        await using var host = await StartAsync(log: log, time: time);
        var poll = await host.NewPollAsync(new { opensAt = Start.AddMinutes(1) });
        await host.DoAsync(poll, "open");
        log.Away = true;
        await AdvanceToAsync(time, Start.AddMinutes(1).AddSeconds(1));
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return host.Logs.Errors.Any(e => e.Contains("is due", StringComparison.Ordinal));
            },
            "the failure is logged");
        (await host.GetAsync($"polls/{poll}")).State.ShouldBe("scheduled");

        log.Away = false;
        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return (await host.ItemAsync($"poll:{poll}")) is not null;
            },
            "it is open");
    }

    private static async Task AdvanceToAsync(FakeTimeProvider time, DateTimeOffset moment)
    {
        // In steps, as a clock does: what waits is given the chance to wait again.
        while (time.GetUtcNow() < moment)
        {
            var left = moment - time.GetUtcNow();
            time.Advance(left < TimeSpan.FromSeconds(5) ? left : TimeSpan.FromSeconds(5));
            await Task.Delay(20);
        }
    }

    /// <summary>Lets time go on a little meanwhile: the clock may have begun to wait just after the last step.</summary>
    private static Task StateAsync(FakeTimeProvider time, EditorialHost host, string poll, string state) => Eventually.TrueAsync(
        async () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return (await host.GetAsync($"polls/{poll}")).State == state;
        },
        $"the poll is {state}");
}

public sealed class PollClockOnSqlite() : PollClockTests(Sqlite);

public sealed class PollClockOnPostgres(PostgresFixture postgres) : PollClockTests(postgres.NewDatabaseAsync);
