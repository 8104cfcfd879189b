namespace FanHub.Tests.Server.Exports;

public abstract class PredictionExportTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly object Body = new
    {
        channel = "c",
        title = new { en = "Who wins?" },
        options = new[] { new { id = "a", label = new { en = "Ann" } }, new { id = "b", label = new { en = "Bea" } }, new { id = "c", label = new { en = "Cat" } } },
        maxChoices = 2,
        points = 30,
    };

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    public async Task Points_can_be_worked_out_again_however_it_was_decided(string format)
    {
        await using var host = await StartAsync();
        var id = await LockedAsync(host);
        var path = $"predictions/{id}";
        (await host.ExportAsync(path, format)).ShouldBeRight();

        foreach (var (decision, each) in (IEnumerable<(string[]?, long[])>)[(["a"], [30, 30, 0]), (["a", "b"], [30, 60, 0]), ([], [0, 0, 0]), (null, [0, 0, 0]), (["c"], [0, 0, 30])])
        {
            (await host.PostAsync(decision is null ? $"{path}/void" : $"{path}/settle", decision is null ? null : new { correct = decision })).Status.ShouldBe(200);
            await host.PublishedAsync();
            (await host.ExportAsync(path, format)).ShouldBeRight();
            // By receipt: ids differ from export to export.
            var json = Exporting.Ballots(await host.ExportAsync(path, "json")).ToDictionary(b => b.GetProperty("receipt").GetString()!, b => b.GetProperty("points").GetInt64());
            foreach (var fan in (long[])[1, 2, 3])
            {
                json[Exporting.DigestOf(await host.ReceiptAsync(id, 3, fan))].ShouldBe(each[fan - 1]);
            }
        }

        // Taken away: it counts for nothing.
        await host.TellAsync(path, "revoke");
        var revoked = await host.ExportAsync(path, "json");
        revoked.ShouldBeRight();
        Exporting.Ballots(revoked).ShouldAllBe(b => b.GetProperty("points").GetInt64() == 0);
    }

    [Fact]
    public async Task Only_a_locked_one_is_exported_and_who_settled_it_is_not_said()
    {
        await using var host = await StartAsync();
        var id = await host.MakeAsync("predictions", Body);
        await host.TellAsync($"predictions/{id}", "open");
        (await host.GetAsync($"predictions/{id}/export")).Content.ShouldContain("Lock it first.");
        await host.TellAsync($"predictions/{id}", "lock");
        var by = (await host.PostAsync($"predictions/{id}/settle", new { correct = new[] { "a" } })).Body.GetProperty("settlements")[0].GetProperty("by").GetString()!;
        (await host.ExportAsync($"predictions/{id}", "json")).ShouldNotContain($"\"{by}\"");
    }

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    public async Task The_leaderboard_of_predictions_is_exported_once_something_is_settled(string format)
    {
        await using var host = await StartAsync();
        var id = await LockedAsync(host);
        var refused = await host.GetAsync("leaderboards/predictions.c/export");
        refused.Status.ShouldBe(409);
        refused.Content.ShouldContain("Settle one first.");
        (await host.GetAsync("leaderboards/predictions.none/export")).Status.ShouldBe(404);
        await host.PostAsync($"predictions/{id}/settle", new { correct = new[] { "a" } });

        var export = await host.ExportAsync("leaderboards/predictions.c", format);
        var recounted = export.ShouldBeRight();
        recounted.Output.ShouldContain("Leaderboard: 3 places");
        recounted.Output.ShouldContain("where those come from is not in this file");
        export.ShouldContain("Fan 0001");
    }

    private static async Task<string> LockedAsync(EditorialHost host)
    {
        var id = await host.MakeAsync("predictions", Body);
        await host.TellAsync($"predictions/{id}", "open");
        await host.CastAsync(id, 3, (1, 0b001, 10, 0), (2, 0b011, 20, 0), (3, 0b100, 30, 5));
        await host.TellAsync($"predictions/{id}", "lock");
        return id;
    }
}

public sealed class PredictionExportsOnSqlite() : PredictionExportTests(Sqlite);

public sealed class PredictionExportsOnPostgres(PostgresFixture postgres) : PredictionExportTests(postgres.NewDatabaseAsync);
