using FanHub.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Announcements;

public abstract class AnnouncementClockTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly DateTimeOffset Start = AnnouncementSteps.Start;

    [Fact]
    public async Task A_scheduled_announcement_appears_and_goes_at_its_planned_moments()
    {
        var time = new FakeTimeProvider(Start);
        await using var host = await StartAsync(time: time);
        var announcement = await host.NewAnnouncementAsync(new { opensAt = Start.AddMinutes(1), expiresAt = Start.AddMinutes(2) });
        (await host.TellAsync(announcement, "publish")).State.ShouldBe("scheduled");

        await AdvanceToAsync(time, Start.AddMinutes(1).AddMilliseconds(-10));
        (await host.GetAsync($"announcements/{announcement}")).State.ShouldBe("scheduled");
        await AdvanceToAsync(time, Start.AddMinutes(1).AddSeconds(1));
        await host.StateAsync(time, announcement, "published");
        (await host.GetAsync($"announcements/{announcement}")).Body.GetProperty("opensAt").GetDateTimeOffset().ShouldBe(Start.AddMinutes(1));
        await host.PublishedAsync();
        (await host.ItemAsync($"announcement:{announcement}"))!.At.ShouldBe(Start.AddMinutes(1));

        await AdvanceToAsync(time, Start.AddMinutes(2).AddMilliseconds(-10));
        (await host.GetAsync($"announcements/{announcement}")).State.ShouldBe("published");
        await AdvanceToAsync(time, Start.AddMinutes(2).AddSeconds(1));
        await host.StateAsync(time, announcement, "expired");
        await host.PublishedAsync();
        var removal = (await host.Log.ReadAsync("c"))!.Logged[^1].Item;
        removal.Removes.ShouldBeTrue();
        removal.At.ShouldBe(Start.AddMinutes(2));
        removal.Version.ShouldBe(4);
        host.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_was_published_by_hand_expires_by_itself_and_one_that_was_put_off_waits()
    {
        var time = new FakeTimeProvider(Start);
        await using var host = await StartAsync(time: time);
        var byHand = await host.NewAnnouncementAsync(new { expiresAt = Start.AddMinutes(1) });
        var putOff = await host.NewAnnouncementAsync(new { opensAt = Start.AddMinutes(1) });
        var cancelled = await host.NewAnnouncementAsync(new { opensAt = Start.AddMinutes(1) });
        await host.TellAsync(byHand, "publish");
        await host.TellAsync(putOff, "publish");
        await host.TellAsync(cancelled, "publish");
        (await host.PutAsync($"announcements/{putOff}", AnnouncementSteps.Body(new { opensAt = Start.AddMinutes(10) }))).Status.ShouldBe(200);
        await host.TellAsync(cancelled, "cancel");

        await AdvanceToAsync(time, Start.AddMinutes(1).AddSeconds(1));
        await host.StateAsync(time, byHand, "expired");
        (await host.GetAsync($"announcements/{putOff}")).State.ShouldBe("scheduled");
        (await host.GetAsync($"announcements/{cancelled}")).State.ShouldBe("cancelled");
        await host.PublishedAsync();
        (await host.Log.ReadAsync("c"))!.Items.ShouldBeEmpty();

        await AdvanceToAsync(time, Start.AddMinutes(10).AddSeconds(1));
        await host.StateAsync(time, putOff, "published");
    }

    [Fact]
    public async Task What_came_due_while_nobody_was_up_is_caught_up_at_start_and_what_is_over_is_not_shown()
    {
        var place = await NewPlaceAsync();
        string over, half, seen;
        await using (var host = await StartAsync(place, time: new FakeTimeProvider(Start)))
        {
            over = await host.NewAnnouncementAsync(new { opensAt = Start.AddMinutes(1), expiresAt = Start.AddMinutes(2) });
            half = await host.NewAnnouncementAsync(new { opensAt = Start.AddMinutes(1), expiresAt = Start.AddHours(2) });
            seen = await host.NewAnnouncementAsync(new { expiresAt = Start.AddMinutes(2) });
            foreach (var announcement in (string[])[over, half, seen])
            {
                await host.TellAsync(announcement, "publish");
            }
        }

        var time = new FakeTimeProvider(Start.AddHours(1));
        await using var again = await StartAsync(place, time: time);
        await again.StateAsync(time, over, "expired");
        await again.StateAsync(time, half, "published");
        await again.StateAsync(time, seen, "expired");
        await again.PublishedAsync();
        (await again.Log.ReadAsync("c"))!.Items.ShouldHaveSingleItem().Item.Key.ShouldBe($"announcement:{half}");
        (await again.Log.ReadAsync("c"))!.Logged.ShouldAllBe(e => e.Item.Key != $"announcement:{over}");
        again.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_appears_when_the_live_side_is_back()
    {
        var time = new FakeTimeProvider(Start);
        var log = new FaultyLog(EditorialHost.NewLog());
        await using var host = await StartAsync(log: log, time: time);
        var announcement = await host.NewAnnouncementAsync(new { opensAt = Start.AddMinutes(1) });
        await host.TellAsync(announcement, "publish");
        log.Away = true;
        await AdvanceToAsync(time, Start.AddMinutes(1).AddSeconds(1));
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return host.Logs.Errors.Any(e => e.Contains($"announcement:{announcement}:publish is due", StringComparison.Ordinal));
            },
            "the failure is logged");
        (await host.GetAsync($"announcements/{announcement}")).State.ShouldBe("scheduled");

        log.Away = false;
        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return (await host.ItemAsync($"announcement:{announcement}")) is not null;
            },
            "it is there");
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
}

public sealed class AnnouncementClockOnSqlite() : AnnouncementClockTests(Sqlite);

public sealed class AnnouncementClockOnPostgres(PostgresFixture postgres) : AnnouncementClockTests(postgres.NewDatabaseAsync);
