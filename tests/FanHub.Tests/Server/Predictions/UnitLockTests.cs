using FanHub.Testing;

namespace FanHub.Tests.Server.Predictions;

/// <summary>Predictions about a unit of results lock when that begins.</summary>
public abstract class UnitLockTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task A_prediction_stays_open_through_the_start_list_and_locks_when_the_result_turns_live()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var about = await OpenAsync(host, "RACE-1");
        var other = await OpenAsync(host, "RACE-2");
        (await host.PutAsync("results/RACE-1", Result("start_list"))).Status.ShouldBe(201);
        (await host.GetAsync($"predictions/{about}")).State.ShouldBe("open");

        (await host.PutAsync("results/RACE-1", Result("live"))).Status.ShouldBe(200);
        await Eventually.TrueAsync(async () => (await host.GetAsync($"predictions/{about}")).State == "closed", "it is locked");
        (await host.GetAsync($"predictions/{other}")).State.ShouldBe("open");
        host.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_prediction_that_is_opened_when_its_unit_has_begun_locks_at_once()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        (await host.PutAsync("results/RACE-1", Result("official"))).Status.ShouldBe(201);
        var prediction = await OpenAsync(host, "RACE-1");
        await Eventually.TrueAsync(async () => (await host.GetAsync($"predictions/{prediction}")).State == "closed", "it is locked");
    }

    private static async Task<string> OpenAsync(EditorialHost host, string unit)
    {
        var made = await host.PostAsync("predictions", Bodies.Poll(new { unit }));
        made.Status.ShouldBe(201, made.Content);
        (await host.PostAsync($"predictions/{made.Id}/open")).Status.ShouldBe(200);
        return made.Id;
    }

    private static object Result(string status) => new
    {
        sport = "ATH",
        title = new { en = "Harbour run" },
        status,
        entries = new[] { new { competitor = new { id = "7", name = "Ana Alpha", organisation = "AAA" } } },
    };
}

public sealed class UnitLockOnSqlite() : UnitLockTests(EditorialTests.Sqlite);

public sealed class UnitLockOnPostgres(PostgresFixture postgres) : UnitLockTests(postgres.NewDatabaseAsync);
