using FanHub.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Polls;

/// <summary>Steps of a poll with a catch. Every step from every state: <see cref="Questions.EveryTransitionTests"/>.</summary>
public abstract class PollTransitionTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task A_poll_that_was_cancelled_before_it_opened_cannot_be_revoked_and_never_reached_fans()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "cancel");

        (await host.PostAsync($"polls/{poll}/revoke")).Code.ShouldBe(ErrorCodes.Conflict);
        (await host.Log.ReadAsync("c"))!.Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_scheduled_poll_cannot_lose_its_time_and_opens_at_once_when_it_is_opened_again()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync(new { opensAt = DateTimeOffset.UtcNow.AddHours(1) });
        (await host.DoAsync(poll, "open")).State.ShouldBe("scheduled");
        (await host.PutAsync($"polls/{poll}", Bodies.Poll())).Code.ShouldBe(ErrorCodes.Invalid);
        var opened = await host.DoAsync(poll, "open");

        opened.State.ShouldBe("open");
        opened.Body.GetProperty("opensAt").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task A_poll_whose_end_has_passed_cannot_be_opened()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(time: time);
        var poll = await host.NewPollAsync(new { closesAt = time.GetUtcNow().AddMinutes(1) });
        time.Advance(TimeSpan.FromMinutes(2));

        (await host.PostAsync($"polls/{poll}/open")).Code.ShouldBe(ErrorCodes.Conflict);
    }
}

public sealed class PollTransitionOnSqlite() : PollTransitionTests(Sqlite);

public sealed class PollTransitionOnPostgres(PostgresFixture postgres) : PollTransitionTests(postgres.NewDatabaseAsync);
