using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.Tests.Server.Cheers;

public abstract class ReactionsTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "none", "{}", "reactions" },
        { "null", """{"reactions":null}""", "reactions" },
        { "thirteen", $$"""{"reactions":[{{string.Join(',', Enumerable.Range(0, 13).Select(i => $"\"r{i}\""))}}]}""", "reactions" },
        { "an empty name", """{"reactions":["fire",""]}""", "reactions[1]" },
        { "a name of null", """{"reactions":[null]}""", "reactions[0]" },
        { "a capital", """{"reactions":["Fire"]}""", "reactions[0]" },
        { "a line break", """{"reactions":["fire\n"]}""", "reactions[0]" },
        { "25 letters", """{"reactions":["abcdefghijklmnopqrstuvwxy"]}""", "reactions[0]" },
        { "a name twice", """{"reactions":["fire","clap","fire"]}""", "reactions[2]" },
        { "an unknown member", """{"reactions":[],"more":1}""", "more" },
        { "no list", """{"reactions":"fire"}""", "reactions" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_mistake_is_named_by_its_place(string what, string body, string field)
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var reply = await host.PutAsync("cheers/c", body);
        reply.Status.ShouldBe(400, what + reply.Content);
        reply.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe([field], what);
        (await host.GetAsync("cheers/c")).Code.ShouldBe(ErrorCodes.NotFound);
    }

    [Fact]
    public async Task Reactions_are_made_and_changed_and_are_in_the_channel_before_the_editor_gets_the_answer()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var created = await host.PutAsync("cheers/c", """{"reactions":["fire","clap-2"]}""");
        created.Status.ShouldBe(201, created.Content);
        created.ETag.ShouldBe("\"1\"");
        created.Headers.Location!.ToString().ShouldBe("/api/v1/admin/cheers/c");
        created.Body.GetProperty("reactions").EnumerateArray().Select(r => r.GetString()).ShouldBe(["fire", "clap-2"]);
        (await host.GetAsync("cheers/c")).Content.ShouldBe(created.Content);
        await host.PublishedAsync();
        var item = (await host.ItemAsync("reactions:c")).ShouldNotBeNull();
        item.Class.ShouldBe(DeliveryClass.Logged);
        item.Kind.ShouldBe(ItemKinds.Reactions);
        System.Text.Encoding.UTF8.GetString(item.Data.Span).ShouldBe("""{"channel":"c","reactions":["fire","clap-2"]}""");

        (await host.PutAsync("cheers/c", """{"reactions":["wave"]}""", ("If-Match", "\"7\""))).Code.ShouldBe(ErrorCodes.PreconditionFailed);
        var changed = await host.PutAsync("cheers/c", """{"reactions":["wave"]}""", ("If-Match", "\"1\""));
        changed.Status.ShouldBe(200, changed.Content);
        changed.ETag.ShouldBe("\"2\"");
        await host.PublishedAsync();
        (await host.DataAsync("reactions:c"))!.Value.GetProperty("reactions")[0].GetString().ShouldBe("wave");

        (await host.PutAsync("cheers/c", """{"reactions":[]}""")).Status.ShouldBe(200);
        await host.PublishedAsync();
        (await host.ItemAsync("reactions:c")).ShouldBeNull("nobody may cheer");
        (await host.PutAsync("cheers/c", """{"reactions":["fire"]}""")).ETag.ShouldBe("\"4\"");
        await host.PublishedAsync();
        (await host.ItemAsync("reactions:c")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_channel_that_there_is_not_has_no_reactions()
    {
        await using var host = await StartAsync();
        (await host.PutAsync("cheers/nowhere", """{"reactions":["fire"]}""")).Code.ShouldBe(ErrorCodes.NotFound);
        (await host.GetAsync("cheers/nowhere")).Code.ShouldBe(ErrorCodes.NotFound);
        await host.PutAsync("channels/c", Bodies.Channel);
        (await host.PutAsync("cheers/c", """{"reactions":["fire"]}""", ("If-Match", "*"))).Code.ShouldBe(ErrorCodes.PreconditionFailed);
    }

    [Fact]
    public async Task While_the_live_side_is_away_nothing_is_changed()
    {
        var log = new FaultyLog(EditorialHost.NewLog());
        await using var host = await StartAsync(log: log);
        await host.PutAsync("channels/c", Bodies.Channel);
        await host.PublishedAsync();
        log.Away = true;
        (await host.PutAsync("cheers/c", """{"reactions":["fire"]}""")).Code.ShouldBe(ErrorCodes.Unavailable);
        (await host.GetAsync("cheers/c")).Code.ShouldBe(ErrorCodes.NotFound);
    }

    [Fact]
    public async Task A_channel_that_loses_its_log_gets_its_reactions_back()
    {
        var log = new ReplaceableLog();
        await using var host = await StartAsync(log: log);
        await host.PutAsync("channels/c", Bodies.Channel);
        await host.PutAsync("cheers/c", """{"reactions":["fire"]}""");
        await host.PublishedAsync();
        log.Inner = EditorialHost.NewLog();
        await Eventually.TrueAsync(async () => await host.ItemAsync("reactions:c") is not null, "they are there again");
    }
}

public sealed class ReactionsOnSqlite() : ReactionsTests(Sqlite);

public sealed class ReactionsOnPostgres(PostgresFixture postgres) : ReactionsTests(postgres.NewDatabaseAsync);
