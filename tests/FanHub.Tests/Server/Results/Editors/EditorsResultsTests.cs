using System.Text.Json;
using FanHub.Contracts;
using FanHub.Testing;
using static FanHub.Tests.Server.Results.FeedHosts;

namespace FanHub.Tests.Server.Results.Editors;

/// <summary>Results that editors publish themselves.</summary>
public abstract class EditorsResultsTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task A_result_is_published_replaced_listed_and_taken_away()
    {
        await using var host = await StartAsync(settings: Settings);
        var created = await host.PutAsync("results/M1", Body());
        created.Status.ShouldBe(201, created.Content);
        (created.Headers.Location?.ToString(), created.ETag).ShouldBe(("/api/v1/admin/results/M1", "\"1\""));
        created.Body.GetProperty("unit").GetString().ShouldBe("M1");
        created.Body.GetProperty("result").GetProperty("title").GetString().ShouldBe("Final");

        // At once, though the unit has just been shown.
        for (var version = 2; version <= 4; version++)
        {
            var replaced = await host.PutAsync("results/M1", Body(new { venue = $"Hall {version}" }));
            (replaced.Status, replaced.ETag).ShouldBe((200, $"\"{version}\""), replaced.Content);
            replaced.Body.GetProperty("result").GetProperty("venue").GetString().ShouldBe($"Hall {version}");
        }

        (await host.GetAsync("results/M1")).ETag.ShouldBe("\"4\"");
        (await host.GetAsync("results/none")).Code.ShouldBe(ErrorCodes.NotFound);
        (await host.PutAsync("results/M2", Body())).Status.ShouldBe(201);
        (await host.PutAsync("results/M3", Body())).Status.ShouldBe(201);
        var units = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await host.GetAsync($"results?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}")).Body;
            units.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("unit").GetString()!));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        units.ShouldBe(["M1", "M2", "M3"]);

        (await host.SendAsync(HttpMethod.Delete, "results/M1")).Status.ShouldBe(204);
        (await host.GetAsync("results/M1")).Status.ShouldBe(404);
        (await host.SendAsync(HttpMethod.Delete, "results/M1")).Code.ShouldBe(ErrorCodes.NotFound);
        await host.LevelAsync();
        (await host.Log.ToldAsync("unit.m1", "version", "result:M1")).ShouldBe(["1", "2", "3", "4", "gone"]);
        (await host.PutAsync("results/M1", Body())).Status.ShouldBe(201);
    }

    [Fact]
    public async Task If_Match_guards_and_what_it_refuses_leaves_everything_as_it_was()
    {
        await using var host = await StartAsync(settings: Settings);
        (await host.PutAsync("results/M1", Body(), ("If-Match", "*"))).Code.ShouldBe(ErrorCodes.PreconditionFailed);
        (await host.GetAsync("results/M1")).Status.ShouldBe(404);
        var tag = (await host.PutAsync("results/M1", Body())).ETag!;
        (await host.PutAsync("results/M1", Body(), ("If-Match", "\"99\""))).Code.ShouldBe(ErrorCodes.PreconditionFailed);
        (await host.PutAsync("results/M1", Body(), ("If-Match", "W/" + tag))).Code.ShouldBe(ErrorCodes.PreconditionFailed);
        (await host.SendAsync(HttpMethod.Delete, "results/M1", null, ("If-Match", "\"99\""))).Code.ShouldBe(ErrorCodes.PreconditionFailed);
        (await host.PutAsync("results/M1", Body(), ("If-Match", "garbage"))).Code.ShouldBe(ErrorCodes.Invalid);
        var after = await host.GetAsync("results/M1");
        (after.ETag, after.Body.GetProperty("result").GetProperty("version").GetInt64()).ShouldBe((tag, 1));

        var next = await host.PutAsync("results/M1", Body(new { venue = "Hall" }), ("If-Match", tag));
        next.Status.ShouldBe(200, next.Content);
        (await host.PutAsync("results/M1", Body(new { venue = "Pool" }), ("If-Match", "*"))).Status.ShouldBe(200);
        (await host.SendAsync(HttpMethod.Delete, "results/M1", null, ("If-Match", "\"3\""))).Status.ShouldBe(204);
        await host.LevelAsync();
    }

    [Fact]
    public async Task Of_changes_that_race_with_the_same_condition_exactly_one_wins()
    {
        await using var host = await StartAsync(settings: Settings);
        var tag = (await host.PutAsync("results/M1", Body())).ETag!;
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => host.PutAsync("results/M1", Body(new { venue = $"Hall {i}" }), ("If-Match", tag))));
        replies.Count(r => r.Status == 200).ShouldBe(1);
        replies.Where(r => r.Status != 200).ShouldAllBe(r => r.Code == ErrorCodes.PreconditionFailed);
        (await host.GetAsync("results/M1")).Content.ShouldBe(replies.Single(r => r.Status == 200).Content);
    }

    [Fact]
    public async Task Each_answer_has_the_version_that_its_own_change_made_though_others_followed()
    {
        await using var host = await StartAsync(settings: Settings);
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => host.PutAsync("results/M1", Body(new { venue = $"Hall {i}" }))));
        replies.Count(r => r.Status == 201).ShouldBe(1);
        replies.Select(r => r.ETag).Distinct(StringComparer.Ordinal).Count().ShouldBe(replies.Length);
        foreach (var (reply, i) in replies.Select((r, i) => (r, i)))
        {
            if (reply.Body.TryGetProperty("result", out var result))
            {
                result.GetProperty("venue").GetString().ShouldBe($"Hall {i}");
            }
            else
            {
                reply.Body.GetProperty("replaced").GetBoolean().ShouldBeTrue();
            }
        }

        var last = await host.SendAsync(HttpMethod.Get, "results/M1");
        var losers = replies.Where(r => r.ETag != last.ETag).ToList();
        losers.Count.ShouldBe(replies.Length - 1);
        (await host.PutAsync("results/M1", Body(), ("If-Match", losers[0].ETag!))).Code.ShouldBe(ErrorCodes.PreconditionFailed);
    }

    [Fact]
    public async Task Whatever_is_wrong_with_a_result_is_told_with_its_place()
    {
        await using var host = await StartAsync(settings: Settings);
        foreach (var (field, change) in Mistakes)
        {
            var refused = await host.PutAsync("results/M1", change);
            refused.Status.ShouldBe(400, $"{field}: {refused.Content}");
            refused.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldContain(field, refused.Content);
        }

        (await host.PutAsync("results/-x", Body())).Body.GetProperty("errors").TryGetProperty("unit", out _).ShouldBeTrue();
        (await host.PutAsync($"results/{new string('x', 61)}", Body())).Status.ShouldBe(400);
        (await host.PutAsync("results/M1", "{\"sport\":")).Code.ShouldBe(ErrorCodes.Invalid);
        (await host.GetAsync("feeds/status")).Body.GetProperty("waiting").GetInt64().ShouldBe(0);
        (await host.GetAsync("results")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_is_published_in_its_order_or_not_at_all_and_once_under_its_key()
    {
        await using var host = await StartAsync(settings: Settings);
        object batch = new { results = new object[] { Body(new { unit = "M2" }), Body(new { unit = "M1" }), Body(new { unit = "M1", venue = "Hall" }) } };
        var refused = await host.PostAsync("results:batch", new { results = new object?[] { Body(new { unit = "M1" }), Body(new { unit = "M 2" }), null, Body(new { unit = "M3", status = "over" }) } });
        refused.Status.ShouldBe(400);
        refused.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["results[1].unit", "results[2]", "results[3].status"], ignoreOrder: true);
        (await host.PostAsync("results:batch", new { results = Array.Empty<object>() })).Status.ShouldBe(400);
        (await host.GetAsync("results")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);

        var done = await host.PostAsync("results:batch", batch, ("Idempotency-Key", "k"));
        done.Status.ShouldBe(200, done.Content);
        done.Body.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("unit").GetString()).ShouldBe(["M2", "M1", "M1"]);
        var again = await host.PostAsync("results:batch", batch, ("Idempotency-Key", "k"));
        (again.Content, again.Headers.Contains("Idempotency-Replayed")).ShouldBe((done.Content, true));
        await host.LevelAsync();
        (await host.Log.ToldAsync("sport.swm", "version", "result:M1")).ShouldBe(["1", "2"]);
        (await host.Log.HeldAsync("unit.m1", "result:M1"))!.Value.GetProperty("venue").GetString().ShouldBe("Hall");
        (await host.PostAsync("results:batch", new { results = new object[] { Body(new { unit = "M9" }) } }, ("Idempotency-Key", "k"))).Code.ShouldBe(ErrorCodes.Conflict);
    }

    [Fact]
    public async Task An_editors_result_leads_over_the_feeds_which_shows_again_when_it_is_taken_away()
    {
        await using var host = await StartAsync(settings: Settings);
        await host.DealAsync(ResultOf(1));
        (await host.SendAsync(HttpMethod.Delete, $"results/{Code}")).Code.ShouldBe(ErrorCodes.NotFound);
        (await host.PutAsync($"results/{Code}", Body(new { status = "provisional" }))).Status.ShouldBe(200);
        (await host.DealAsync(ResultOf(2, "OFFICIAL"))).Flagged.ShouldBeTrue();
        (await host.GetAsync($"results/{Code}")).Body.GetProperty("result").GetProperty("status").GetString().ShouldBe("provisional");
        (await host.SendAsync(HttpMethod.Delete, $"results/{Code}")).Status.ShouldBe(204);
        (await host.GetAsync($"results/{Code}")).Body.GetProperty("result").GetProperty("status").GetString().ShouldBe("official");
        await host.LevelAsync();
        (await host.Log.ToldAsync(UnitChannel, "status")).ShouldBe(["live", "provisional", "official"]);
    }

    [Fact]
    public async Task Medals_of_official_editors_results_count_with_those_of_the_feed_and_go_with_them()
    {
        await using var host = await StartAsync(settings: Settings);
        await host.DealAsync(Medallists(1, "BBB"));
        await host.PutAsync("results/M1", Body());
        await host.LevelAsync();
        (await TableAsync(host)).ShouldBe(["BBB 1"]);
        await host.PutAsync("results/M1", Body(new { status = "official" }));
        await host.LevelAsync();
        (await TableAsync(host)).ShouldBe(["AAA 1", "BBB 1"]);
        await host.SendAsync(HttpMethod.Delete, "results/M1");
        await host.LevelAsync();
        (await TableAsync(host)).ShouldBe(["BBB 1"]);
        (await host.Log.HeldAsync("medals", "medals:table"))!.Value.GetProperty("corrected").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_result_that_lacks_a_language_which_its_channels_require_is_refused_and_told_which()
    {
        await using var host = await StartAsync(settings: Settings);
        (await host.PutAsync("channels/unit.m1", new { title = new { en = "M1", fr = "M1" }, defaultLocale = "en", requiredLocales = new[] { "en", "fr" } })).Status.ShouldBe(201);
        (await host.PutAsync("channels/sport.swm", new { title = new { en = "S", de = "S" }, defaultLocale = "en", requiredLocales = new[] { "de" } })).Status.ShouldBe(201);
        var refused = await host.PutAsync("results/M1", Body(new { note = new { en = "N", de = "N" } }));
        refused.Code.ShouldBe(ErrorCodes.Invalid);
        var errors = refused.Body.GetProperty("errors");
        errors.GetProperty("title")[0].GetString()!.ShouldContain("lacks fr, de,");
        errors.GetProperty("note")[0].GetString()!.ShouldContain("lacks fr,");
        var batch = await host.PostAsync("results:batch", new { results = new object[] { Body(new { unit = "M2", sport = "ATH" }), Body(new { unit = "M1", sport = "ATH" }) } });
        batch.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["results[1].title"]);
        (await host.PutAsync("results/M1", Body(new { title = new { en = "A", FR = "A", de = "A" } }))).Status.ShouldBe(201);
    }

    [Fact]
    public async Task The_description_of_the_api_has_them()
    {
        await using var host = await StartAsync(settings: Settings);
        var paths = JsonElement.Parse(await host.Http.GetStringAsync("/openapi/v1.json")).GetProperty("paths");
        foreach (var (path, methods) in ((string, string[])[])[
            ("/api/v1/admin/results/{unit}", ["get", "put", "delete"]), ("/api/v1/admin/results", ["get"]), ("/api/v1/admin/results:batch", ["post"]), ("/api/v1/feeds/odf", ["post"])])
        {
            paths.TryGetProperty(path, out var operations).ShouldBeTrue($"{path} is described, among {string.Join(' ', paths.EnumerateObject().Select(p => p.Name))}");
            operations.EnumerateObject().Select(o => o.Name).ShouldBe(methods, ignoreOrder: true);
        }
    }

    private static object Entry(object? with = null) => Merge(new { rank = 1, medal = "gold", competitor = new { id = "1", name = "Ana", organisation = "AAA" }, result = "52.10" }, with);

    /// <summary>A good result, with members replaced or added.</summary>
    private static Dictionary<string, object?> Body(object? with = null) =>
        Merge(new { sport = "SWM", title = new { en = "Final" }, status = "live", at = "2030-08-01T20:00:00Z", entries = new[] { Entry() } }, with);

    private static Dictionary<string, object?> Merge(object first, object? second)
    {
        var merged = first.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(first), StringComparer.Ordinal);
        foreach (var property in second?.GetType().GetProperties() ?? [])
        {
            merged[property.Name] = property.GetValue(second);
        }

        return merged;
    }

    private static async Task<IReadOnlyList<string>> TableAsync(EditorialHost host) =>
        [.. (await host.Log.HeldAsync("medals", "medals:table"))!.Value.GetProperty("organisations").EnumerateArray().Select(o => $"{o.GetProperty("organisation")} {o.GetProperty("gold")}")];

    private static IEnumerable<(string Field, object Body)> Mistakes =>
    [
        ("sport", Body(new { sport = (string?)null })),
        ("sport", Body(new { sport = "SWIMMING-POOL" })),
        ("title", Body(new { title = (object?)null })),
        ("title", Body(new { title = new { fr = "Finale" } })),
        ("title.en", Body(new { title = new { en = new string('x', 301) } })),
        ("title.en", Body(new { title = new { en = " " } })),
        ("title", Body(new { note = Enumerable.Range(0, 60).ToDictionary(i => $"en-x{i:00}", _ => new string('é', 900), StringComparer.Ordinal) })),
        ("note.en", Body(new { note = new { en = new string('x', 1001) } })),
        ("status", Body(new { status = "LIVE" })),
        ("status", Body(new { status = (string?)null })),
        ("venue", Body(new { venue = "a\nb" })),
        ("entries", Body(new { entries = Enumerable.Range(0, 501).Select(i => Entry(new { competitor = new { id = $"{i}", name = "N", organisation = "AAA" } })).ToList() })),
        ("entries[0]", Body(new { entries = new object?[] { null } })),
        ("entries[0].rank", Body(new { entries = new[] { Entry(new { rank = 0 }) } })),
        ("entries[0].medal", Body(new { entries = new[] { Entry(new { medal = "tin" }) } })),
        ("entries[0].outcome", Body(new { entries = new[] { Entry(new { outcome = "X" }) } })),
        ("entries[0].result", Body(new { entries = new[] { Entry(new { result = new string('1', 201) }) } })),
        ("entries[0].records", Body(new { entries = new[] { Entry(new { records = new string?[] { null } }) } })),
        ("entries[0].competitor.name", Body(new { entries = new[] { Entry(new { competitor = new { id = "1", name = "", organisation = "AAA" } }) } })),
        ("entries[0].competitor.organisation", Body(new { entries = new[] { Entry(new { competitor = new { id = "1", name = "Ana", organisation = (string?)null } }) } })),
        ("entries[1].competitor.id", Body(new { entries = new[] { Entry(), Entry() } })),
        ("entries[0].competitor.members", Body(new { entries = new[] { Entry(new { competitor = new { id = "1", name = "Team", organisation = "AAA", members = new[] { new { id = "", name = "Ana" } } } }) } })),
        ("periods[0].name", Body(new { periods = new[] { new { name = "", scores = new Dictionary<string, string>(StringComparer.Ordinal) } } })),
        ("periods[0].scores", Body(new { periods = new[] { new { name = "H1", scores = new Dictionary<string, string>(StringComparer.Ordinal) { ["2"] = "1" } } } })),
        ("periods[0].scores", Body(new { periods = new[] { new { name = "H1", scores = new Dictionary<string, string?>(StringComparer.Ordinal) { ["1"] = null } } } })),
        ("colour", Body(new { colour = "red" })),
    ];
}

public sealed class EditorsResultsOnSqlite() : EditorsResultsTests(Sqlite);

public sealed class EditorsResultsOnPostgres(PostgresFixture postgres) : EditorsResultsTests(postgres.NewDatabaseAsync)
{
    [Fact]
    public async Task They_are_taken_at_every_node_and_refused_while_the_database_is_away()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.NewDatabaseAsync();
        var log = EditorialHost.NewLog();
        await using var first = await EditorialHost.StartAsync(new Place(EditorialHost.NewDirectory(), database), log, settings: Settings);
        await first.DealAsync(ResultOf(1));
        await using var second = await EditorialHost.StartAsync(new Place(EditorialHost.NewDirectory(), database), log, settings: Settings);
        var body = new { sport = "SWM", title = new { en = "Final" }, status = "live" };
        var created = await second.PutAsync("results/M1", body);
        created.Status.ShouldBe(201, created.Content);

        await server.KillAsync();
        var refused = await second.PutAsync("results/M1", body);
        (refused.Status, refused.Code).ShouldBe((503, ErrorCodes.Unavailable));
        await server.StartAsync();
        await Eventually.TrueAsync(async () => (await first.PutAsync("results/M1", new { sport = "SWM", title = new { en = "Final" }, status = "official" })).Status == 200, "it goes on");
        await second.LevelAsync();
        (await log.ToldAsync("unit.m1", "status", "result:M1"))[^1].ShouldBe("official");
    }
}
