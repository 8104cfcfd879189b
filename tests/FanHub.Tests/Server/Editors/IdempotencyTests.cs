using FanHub.Contracts;
using FanHub.Server.Editors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Editors;

public abstract class IdempotencyTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly (string, string) Key = ("Idempotency-Key", "k-1");

    [Fact]
    public async Task The_same_request_under_the_same_key_gets_the_same_answer_and_takes_effect_once()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var first = await host.PostAsync("polls", Bodies.Poll(), Key);
        var second = await host.PostAsync("polls", Bodies.Poll(), Key);

        first.Status.ShouldBe(201);
        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        second.Status.ShouldBe(201);
        second.Content.ShouldBe(first.Content);
        second.ETag.ShouldBe(first.ETag);
        second.Headers.Location.ShouldBe(first.Headers.Location);
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        (await host.GetAsync("polls")).Body.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_transition_under_a_key_is_answered_alike_even_after_the_poll_went_on()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        (await host.PostAsync($"polls/{poll}/open", null, Key)).Status.ShouldBe(200);
        (await host.ItemAsync($"poll:{poll}")).ShouldNotBeNull();
        await host.DoAsync(poll, "close");
        var again = await host.PostAsync($"polls/{poll}/open", null, Key);
        again.Status.ShouldBe(200);
        again.State.ShouldBe("open");
        (await host.PostAsync($"polls/{poll}/open")).Status.ShouldBe(409);
    }

    [Fact]
    public async Task The_same_key_with_another_body_or_on_another_route_is_a_conflict()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        await host.PostAsync("polls", Bodies.Poll(), Key);

        (await host.PostAsync("polls", Bodies.Poll(new { maxChoices = 2 }), Key)).Code.ShouldBe(ErrorCodes.Conflict);
        (await host.PostAsync($"polls/{poll}/open", null, Key)).Code.ShouldBe(ErrorCodes.Conflict);
        (await host.GetAsync($"polls/{poll}")).State.ShouldBe("draft");
    }

    [Fact]
    public async Task Requests_at_the_same_time_under_one_key_take_effect_once_and_the_others_may_ask_again()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => host.PostAsync("polls", Bodies.Poll(), Key)));

        replies.Where(r => r.Status == 201).Select(r => r.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        foreach (var waiting in replies.Where(r => r.Status != 201))
        {
            waiting.Code.ShouldBe(ErrorCodes.Conflict);
            waiting.Headers.RetryAfter.ShouldNotBeNull();
        }

        (await host.GetAsync("polls")).Body.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_request_leaves_nothing_behind_and_may_be_tried_again_under_its_key()
    {
        var log = new FaultyLog(EditorialHost.NewLog());
        await using var host = await StartAsync(log: log);
        var poll = await host.NewPollAsync();
        log.Away = true;
        (await host.PostAsync($"polls/{poll}/open", null, Key)).Status.ShouldBe(503);
        log.Away = false;
        (await host.PostAsync($"polls/{poll}/open", null, Key)).State.ShouldBe("open");
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(time: time);
        await host.PutAsync("channels/c", Bodies.Channel);
        var first = await host.PostAsync("polls", Bodies.Poll(), Key);
        time.Advance(TimeSpan.FromHours(24));
        var second = await host.PostAsync("polls", Bodies.Poll(), Key);
        second.Id.ShouldNotBe(first.Id);

        await host.PostAsync("polls", Bodies.Poll(), ("Idempotency-Key", "k-2"));
        var sweeper = host.Services.GetServices<IHostedService>().OfType<IdempotencySweeper>().Single();
        (await sweeper.SweepAsync(CancellationToken.None)).ShouldBe(0);
        time.Advance(TimeSpan.FromHours(25));
        await sweeper.SweepAsync(CancellationToken.None);
        (await host.WithDbAsync(db => db.Idempotency.CountAsync())).ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task A_key_that_is_not_1_to_200_visible_characters_is_invalid(string key)
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        (await host.PostAsync("polls", Bodies.Poll(), ("Idempotency-Key", key))).Code.ShouldBe(ErrorCodes.Invalid);
    }
}

public sealed class IdempotencyOnSqlite() : IdempotencyTests(Sqlite);

public sealed class IdempotencyOnPostgres(PostgresFixture postgres) : IdempotencyTests(postgres.NewDatabaseAsync);
