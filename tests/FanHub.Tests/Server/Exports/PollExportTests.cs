using System.Text.Json;

namespace FanHub.Tests.Server.Exports;

public abstract class PollExportTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly object Tricky = new
    {
        title = new { en = "=HYPERLINK(\"x\";\"y\"), who \"wins\"?" },
        options = new[] { new { id = "-a", label = new { en = "@Ann" } }, new { id = "b_", label = new { en = "Bea, or not; =1" } }, new { id = "--", label = new { en = "'" } } },
        maxChoices = 2,
        visibility = "after_close",
    };

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    public async Task A_certified_poll_can_be_recounted_from_its_export(string format)
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync(Tricky);
        await host.DoAsync(poll, "open");
        await host.CastAsync(poll, 3, [.. Enumerable.Range(1, 500).Select(f => ((long)f, (ulong)(1 + (f % 6)), f * 7L, f % 3 == 0 ? 1000L : 0))]);
        await host.CastAsync(poll, 3, (1000, 0b101, 0, 0));
        var result = (await host.DoAsync(poll, "close")).Body.GetProperty("result");

        var recounted = (await host.ExportAsync($"polls/{poll}", format)).ShouldBeRight();
        recounted.Output.ShouldContain(result.GetProperty("digest").GetString()!);
        recounted.Output.ShouldContain("501");
        host.Logs.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    public async Task A_poll_without_a_ballot_can_be_recounted(string format)
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open", "close", "reveal");
        (await host.ExportAsync($"polls/{poll}", format)).ShouldBeRight();
    }

    [Fact]
    public async Task The_answer_is_a_file_that_is_not_kept()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open", "close");
        foreach (var (query, type, name) in (IEnumerable<(string, string, string)>)[("", "application/json", "json"), ("?format=json", "application/json", "json"), ("?format=csv", "text/csv", "csv")])
        {
            using var response = await host.Http.GetAsync(new Uri($"/api/v1/admin/polls/{poll}/export{query}", UriKind.Relative));
            response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
            response.Content.Headers.ContentType.CharSet.ShouldBe("utf-8");
            response.Content.Headers.ContentDisposition!.ToString().ShouldBe($"attachment; filename=\"fanhub-poll-{poll}.{name}\"");
            response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        }

        var csv = await host.Http.GetByteArrayAsync(new Uri($"/api/v1/admin/polls/{poll}/export?format=csv", UriKind.Relative));
        csv[..3].ShouldBe([0xEF, 0xBB, 0xBF]);
        var wrong = await host.GetAsync($"polls/{poll}/export?format=xml");
        wrong.Status.ShouldBe(400);
        wrong.Content.ShouldContain("csv or json");
    }

    [Fact]
    public async Task Only_a_certified_count_is_exported()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        async Task RefusedAsync(string says)
        {
            var reply = await host.GetAsync($"polls/{poll}/export");
            reply.Status.ShouldBe(409);
            reply.Body.GetProperty("detail").GetString().ShouldBe(says);
        }

        await RefusedAsync("A poll that is draft cannot be exported: only a certified count is. Open it and close it first.");
        await host.DoAsync(poll, "open");
        await RefusedAsync("A poll that is open cannot be exported: only a certified count is. Close it first.");
        await host.DoAsync(poll, "cancel");
        await RefusedAsync("A poll that was cancelled before its count was certified has none; there is nothing to export.");
        (await host.GetAsync("polls/none/export")).Status.ShouldBe(404);
        host.Http.DefaultRequestHeaders.Authorization = null;
        (await host.GetAsync($"polls/{poll}/export")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_fan_has_the_same_id_all_through_an_export_and_another_in_the_next()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open");
        await host.CastAsync(poll, (1, 1), (2, 2), (3, 2));
        await host.DoAsync(poll, "close");
        var first = await host.ExportAsync($"polls/{poll}", "json");
        var second = await host.ExportAsync($"polls/{poll}", "json");

        static List<string> Ids(string export) => [.. Exporting.Ballots(export).Select(b => b.GetProperty("fan").GetString()!)];
        Ids(first).Concat(Ids(second)).Distinct(StringComparer.Ordinal).Count().ShouldBe(6);
        // The order says nothing of numbers: it is that of the ids.
        Ids(first).ShouldBe(Ids(first).Order(StringComparer.Ordinal));
        Ids(second).ShouldBe(Ids(second).Order(StringComparer.Ordinal));
        // Nothing else differs but the order, and when it was made.
        static List<string> Receipts(string export) => [.. Exporting.Ballots(export).Select(b => b.GetProperty("receipt").GetString()!).Order(StringComparer.Ordinal)];
        Receipts(first).ShouldBe(Receipts(second));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    public async Task A_fan_finds_the_own_ballot_by_its_receipt(string format)
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open");
        await host.CastAsync(poll, 2, (1, 1, 50, 0), (2, 2, 1234, 1000));
        await host.DoAsync(poll, "close");
        var receipt = await host.ReceiptAsync(poll, 2, fan: 2);
        var export = await host.ExportAsync($"polls/{poll}", format);

        export.ShouldNotContain(receipt);
        export.ShouldContain(Exporting.DigestOf(receipt));
        export.ShouldBeRight("--receipt", receipt).Output.ShouldContain($"Receipt {receipt}: b, 1234 ms after the opening (of which the video's delay: 1000 ms), of fan ");
        var other = Exporting.Recount(export, "--receipt", receipt, "--receipt", "-234567890123456789_");
        other.Code.ShouldBe(1);
        other.Output.ShouldContain("Receipt -234567890123456789_: is not in this export");
        other.Output.ShouldContain("RECOUNT OK, but 1 of 2 receipts not found");
    }

    [Fact]
    public async Task Ballots_that_the_count_left_out_are_shown_and_found_out()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open");
        await host.CastAsync(poll, (1, 1), (2, 3));
        await host.DoAsync(poll, "close");
        var export = await host.ExportAsync($"polls/{poll}", "json");

        Exporting.Ballots(export).Count().ShouldBe(2);
        var recounted = Exporting.Recount(export);
        recounted.Code.ShouldBe(1);
        recounted.Output.ShouldContain("names 2 options, 1 at most may be named; it is not counted");
        // All else is as it says: the certified count left it out, too.
        recounted.Output.ShouldContain("NOT AS IN THE EXPORT: 1 differences");
    }

    [Fact]
    public async Task The_beginning_says_what_was_asked_and_nothing_of_who_asked()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync(Tricky);
        await host.DoAsync(poll, "open", "close");
        var export = JsonElement.Parse(await host.ExportAsync($"polls/{poll}", "json"));

        export.GetProperty("format").GetString().ShouldBe("fanhub-export-v1");
        export.GetProperty("kind").GetString().ShouldBe("poll");
        export.GetProperty("visibility").GetString().ShouldBe("after_close");
        var question = export.GetProperty("questions")[0];
        question.GetProperty("options").EnumerateArray().Select(o => o.GetProperty("id").GetString()).ShouldBe(["-a", "b_", "--"]);
        question.GetProperty("maxChoices").GetInt32().ShouldBe(2);
        question.GetProperty("result").GetProperty("openedAt").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(question.GetProperty("result").GetProperty("closedAt").GetDateTimeOffset());
        export.GetProperty("end").GetProperty("ballots").GetInt64().ShouldBe(0);
    }
}

public sealed class PollExportsOnSqlite() : PollExportTests(Sqlite);

public sealed class PollExportsOnPostgres(PostgresFixture postgres) : PollExportTests(postgres.NewDatabaseAsync);
