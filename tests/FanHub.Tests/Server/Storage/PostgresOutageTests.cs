using System.Diagnostics;
using FanHub.Contracts;
using FanHub.Server.Storage;
using FanHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FanHub.Tests.Server.Storage;

/// <summary>PostgreSQL goes away, and comes back.</summary>
public sealed class PostgresOutageTests
{
    [Theory]
    [InlineData("killed")]
    [InlineData("frozen")]
    public async Task Editors_are_told_so_within_seconds_nothing_is_half_done_and_afterwards_all_goes_on_by_itself(string how)
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        await using var host = await EditorialHost.StartAsync(new Place(EditorialHost.NewDirectory(), await postgres.NewDatabaseAsync()));
        var draft = await host.NewPollAsync();
        var open = await host.NewPollAsync();
        await host.DoAsync(open, "open");
        var due = await host.NewPollAsync(new { opensAt = DateTimeOffset.UtcNow.AddSeconds(3) });
        (await host.PostAsync($"polls/{due}/open")).State.ShouldBe("scheduled");

        if (how == "killed")
        {
            await postgres.KillAsync();
        }
        else
        {
            postgres.Pause();
        }

        foreach (var send in new[] { () => host.GetAsync($"polls/{draft}"), () => host.PostAsync($"polls/{draft}/open", null, ("Idempotency-Key", "k")), () => host.PostAsync("polls", Bodies.Poll()) })
        {
            var clock = Stopwatch.StartNew();
            var refused = await send();
            refused.Status.ShouldBe(503, refused.Content);
            refused.Code.ShouldBe(ErrorCodes.Unavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
        }

        (await HealthAsync(host)).ShouldBe(HealthStatus.Unhealthy);
        // The ballots do not need it.
        await host.CastAsync(open, (1, 1), (2, 2));

        if (how == "killed")
        {
            await postgres.StartAsync();
        }
        else
        {
            postgres.Resume();
        }

        await Eventually.TrueAsync(async () => await host.ItemAsync($"poll:{due}") is not null, "what came due meanwhile is open");
        var done = await host.PostAsync($"polls/{draft}/open", null, ("Idempotency-Key", "k"));
        done.Status.ShouldBe(200, done.Content);
        (await host.DoAsync(open, "close")).Body.GetProperty("result").GetProperty("ballots").GetInt64().ShouldBe(2);
        (await host.GetAsync("polls")).Body.GetProperty("items").GetArrayLength().ShouldBe(3);
        (await HealthAsync(host)).ShouldBe(HealthStatus.Healthy);
        await host.PublishedAsync();
        (await host.Log.ReadAsync("c"))!.Head.Offset.ShouldBe(4);
        host.Logs.Errors.Where(e => !e.Contains("is due", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task After_a_restart_between_two_requests_the_next_one_is_carried_out_though_its_connection_broke()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        await using var host = await EditorialHost.StartAsync(new Place(EditorialHost.NewDirectory(), await postgres.NewDatabaseAsync()));
        var poll = await host.NewPollAsync();
        for (var round = 0; round < 3; round++)
        {
            await postgres.KillAsync();
            await postgres.StartAsync();
            (await host.PutAsync($"polls/{poll}", Bodies.Poll(new { maxChoices = 1 + (round % 2) }))).Status.ShouldBe(200);
        }

        (await host.GetAsync($"polls/{poll}")).ETag.ShouldBe("\"4\"");
    }

    [Fact]
    public async Task What_was_saved_when_the_database_was_killed_is_published_once_it_is_back()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        var log = new FaultyLog(EditorialHost.NewLog());
        await using var host = await EditorialHost.StartAsync(new Place(EditorialHost.NewDirectory(), await postgres.NewDatabaseAsync()), log);
        var polls = new[] { await host.NewPollAsync(), await host.NewPollAsync(), await host.NewPollAsync() };
        await host.PublishedAsync();

        // The effect of the second takes place, and the database dies before the row can be deleted.
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        log.AfterAppend = item =>
        {
            if (item.Key == $"poll:{polls[1]}" && killed.TrySetResult())
            {
                postgres.KillAsync().GetAwaiter().GetResult();
            }

            return null;
        };
        foreach (var poll in polls.Take(2))
        {
            (await host.PostAsync($"polls/{poll}/open")).Status.ShouldBe(200);
        }

        await killed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await postgres.StartAsync();
        await Eventually.TrueAsync(async () => (await host.PostAsync($"polls/{polls[2]}/open")).Status is 200 or 409, "the third can be opened");
        await Eventually.GetAsync(async () =>
        {
            await host.PublishedAsync();
            return true;
        });
        (await log.ReadAsync("c"))!.Logged.Select(e => e.Item.Key).ShouldBe(polls.Select(p => $"poll:{p}"));
    }

    [Fact]
    public async Task A_node_that_starts_while_the_database_is_away_starts_and_takes_editors_as_soon_as_it_answers()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        var database = await postgres.NewDatabaseAsync();
        await postgres.KillAsync();
        await using var host = await EditorialHost.StartAsync(new Place(EditorialHost.NewDirectory(), database), settings: []);
        host.Http.DefaultRequestHeaders.Authorization = new("Bearer", "whatever");
        (await host.GetAsync("channels")).Code.ShouldBe(ErrorCodes.Unavailable);
        (await HealthAsync(host)).ShouldBe(HealthStatus.Unhealthy);

        await postgres.StartAsync();
        await host.Services.GetRequiredService<LiveStateRebuilder>().Rebuilt.WaitAsync(TimeSpan.FromSeconds(20));
        var key = host.Services.GetRequiredService<FanHub.Server.Editors.BootstrapKey>();
        await Eventually.TrueAsync(() => key.IsKnown, "the key is known");
        host.Http.DefaultRequestHeaders.Authorization = new("Bearer", key.Key);
        await host.DoAsync(await host.NewPollAsync(), "open");
        (await HealthAsync(host)).ShouldBe(HealthStatus.Healthy);
    }

    private static async Task<HealthStatus> HealthAsync(EditorialHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return (await ActivatorUtilities.CreateInstance<DatabaseHealth>(scope.ServiceProvider).CheckHealthAsync(new HealthCheckContext())).Status;
    }
}
