using FanHub.Contracts;

namespace FanHub.Tests.Server.Editors;

public abstract class IfMatchTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task A_change_meant_for_an_older_version_is_refused_and_changes_nothing()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        var tag = (await host.GetAsync($"polls/{poll}")).ETag!;
        (await host.PutAsync($"polls/{poll}", Bodies.Poll(new { maxChoices = 2 }), ("If-Match", tag))).ETag.ShouldBe("\"2\"");

        foreach (var reply in new[]
        {
            await host.PutAsync($"polls/{poll}", Bodies.Poll(), ("If-Match", tag)),
            await host.PostAsync($"polls/{poll}/open", null, ("If-Match", tag)),
            await host.PostAsync($"polls/{poll}/open", null, ("If-Match", "W/\"2\"")),
            await host.PutAsync("channels/c", Bodies.Channel, ("If-Match", "\"7\"")),
            await host.PutAsync("channels/new", Bodies.Channel, ("If-Match", "*")),
        })
        {
            reply.Status.ShouldBe(412, reply.Content);
            reply.Code.ShouldBe(ErrorCodes.PreconditionFailed);
        }

        (await host.GetAsync($"polls/{poll}")).ETag.ShouldBe("\"2\"");
        (await host.GetAsync("channels/new")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"1\"")]
    [InlineData("\"9\", \"1\"")]
    public async Task A_change_meant_for_this_version_passes(string header)
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        (await host.PostAsync($"polls/{poll}/open", null, ("If-Match", header))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"1")]
    [InlineData("")]
    public async Task A_condition_that_cannot_be_read_is_invalid(string header)
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        var reply = await host.PostAsync($"polls/{poll}/open", null, ("If-Match", header));
        reply.Status.ShouldBe(400, reply.Content);
        reply.Code.ShouldBe(ErrorCodes.Invalid);
    }

    [Fact]
    public async Task Of_changes_at_the_same_moment_for_the_same_version_one_wins()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.PutAsync($"polls/{poll}", Bodies.Poll(), ("If-Match", "\"1\""))));
        replies.Count(r => r.Status == 200).ShouldBe(1);
        replies.Where(r => r.Status != 200).ShouldAllBe(r => r.Code == ErrorCodes.PreconditionFailed);
    }

    [Fact]
    public async Task Of_changes_at_the_same_moment_one_wins()
    {
        await using var host = await StartAsync();
        var poll = await host.NewPollAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.PostAsync($"polls/{poll}/open")));
        replies.Count(r => r.Status == 200).ShouldBe(1);
        replies.Where(r => r.Status != 200).ShouldAllBe(r => r.Code == ErrorCodes.Conflict);
        (await host.Log.ReadAsync("c"))!.Head.Offset.ShouldBe(1);
    }
}

public sealed class IfMatchOnSqlite() : IfMatchTests(Sqlite);

public sealed class IfMatchOnPostgres(PostgresFixture postgres) : IfMatchTests(postgres.NewDatabaseAsync);
