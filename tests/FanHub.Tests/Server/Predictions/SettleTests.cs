using FanHub.Contracts;

namespace FanHub.Tests.Server.Predictions;

public abstract class SettleTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task Settling_again_with_the_same_outcome_changes_nothing_and_tells_nobody()
    {
        await using var host = await StartAsync();
        var prediction = await LockedAsync(host);
        var first = await host.PostAsync($"predictions/{prediction}/settle", new { correct = new[] { "b", "a" } });
        first.Status.ShouldBe(200, first.Content);
        await host.PublishedAsync();
        var head = (await host.Log.ReadAsync("c"))!.Head;

        var again = await host.PostAsync($"predictions/{prediction}/settle", new { correct = new[] { "a", "b" } });
        (again.Status, again.Content).ShouldBe((200, first.Content));
        (await host.Log.ReadAsync("c"))!.Head.Offset.ShouldBe(head.Offset);
        (await host.DataAsync($"prediction:{prediction}"))!.Value.GetProperty("settlement").GetInt32().ShouldBe(1);

        // What differs is a correction, also where it is decided as it once was.
        foreach (var correct in (string[][])[["a"], ["a", "b"], []])
        {
            (await host.PostAsync($"predictions/{prediction}/settle", new { correct })).Status.ShouldBe(200);
        }

        (await host.PostAsync($"predictions/{prediction}/settle", new { correct = Array.Empty<string>() })).Body.GetProperty("settlements").GetArrayLength().ShouldBe(4);
        (await host.PostAsync($"predictions/{prediction}/void")).Status.ShouldBe(200);
        (await host.PostAsync($"predictions/{prediction}/settle", new { correct = Array.Empty<string>() })).Body.GetProperty("settlements").GetArrayLength().ShouldBe(6);
    }

    [Fact]
    public async Task An_outcome_that_is_named_twice_is_refused()
    {
        await using var host = await StartAsync();
        var reply = await host.PostAsync($"predictions/{await LockedAsync(host)}/settle", new { correct = new[] { "a", "a" } });
        (reply.Status, reply.Code).ShouldBe((400, ErrorCodes.Invalid));
        reply.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["correct[1]"]);
    }

    private static async Task<string> LockedAsync(EditorialHost host)
    {
        await host.PutAsync("channels/c", Bodies.Channel);
        var prediction = (await host.PostAsync("predictions", Bodies.Poll(new { options = new[] { new { id = "a", label = new { en = "A" } }, new { id = "b", label = new { en = "B" } } } }))).Id;
        foreach (var step in (string[])["open", "lock"])
        {
            (await host.PostAsync($"predictions/{prediction}/{step}")).Status.ShouldBe(200, step);
        }

        return prediction;
    }
}

public sealed class SettleOnSqlite() : SettleTests(Sqlite);

public sealed class SettleOnPostgres(PostgresFixture postgres) : SettleTests(postgres.NewDatabaseAsync);
