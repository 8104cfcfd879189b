using FanHub.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Polls;

public abstract class PollTransitionTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly string[] Steps = ["edit", "open", "close", "reveal", "cancel", "revoke"];

    /// <summary>How to get to each state, and where each step leads from it. What is not named is a conflict.</summary>
    private static readonly Dictionary<string, (string[] Way, Dictionary<string, string> Steps)> Table = new(StringComparer.Ordinal)
    {
        ["draft"] = ([], new(StringComparer.Ordinal) { ["edit"] = "draft", ["open"] = "open", ["cancel"] = "cancelled" }),
        ["scheduled"] = (["schedule"], new(StringComparer.Ordinal) { ["edit"] = "scheduled", ["open"] = "open", ["cancel"] = "cancelled" }),
        ["open"] = (["open"], new(StringComparer.Ordinal) { ["close"] = "closed", ["cancel"] = "cancelled", ["revoke"] = "revoked" }),
        ["closed"] = (["open", "close"], new(StringComparer.Ordinal) { ["reveal"] = "revealed", ["cancel"] = "cancelled", ["revoke"] = "revoked" }),
        ["revealed"] = (["open", "close", "reveal"], new(StringComparer.Ordinal) { ["revoke"] = "revoked" }),
        ["cancelled"] = (["open", "cancel"], new(StringComparer.Ordinal) { ["revoke"] = "revoked" }),
        ["revoked"] = (["open", "revoke"], new(StringComparer.Ordinal)),
    };

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var state in Table.Keys)
            {
                foreach (var step in Steps)
                {
                    data.Add(state, step);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_step_from_every_state_leads_where_it_should_or_is_a_conflict(string state, string step)
    {
        await using var host = await StartAsync();
        var (way, steps) = Table[state];
        var scheduled = string.Equals(state, "scheduled", StringComparison.Ordinal);
        var later = DateTimeOffset.UtcNow.AddHours(1);
        var poll = await host.NewPollAsync(scheduled ? new { opensAt = later } : null);
        await host.DoAsync(poll, [.. way.Select(w => w.Replace("schedule", "open", StringComparison.Ordinal))]);
        (await host.GetAsync($"polls/{poll}")).State.ShouldBe(state);

        var reply = step == "edit"
            ? await host.PutAsync($"polls/{poll}", Bodies.Poll(new { opensAt = later }))
            : await host.PostAsync($"polls/{poll}/{step}");

        if (steps.TryGetValue(step, out var to))
        {
            reply.Status.ShouldBe(200, reply.Content);
            reply.State.ShouldBe(to);
            (await host.GetAsync($"polls/{poll}")).State.ShouldBe(to);
        }
        else
        {
            reply.Status.ShouldBe(409, reply.Content);
            reply.Code.ShouldBe(ErrorCodes.Conflict);
            reply.Body.GetProperty("detail").GetString()!.ShouldContain(state);
            (await host.GetAsync($"polls/{poll}")).State.ShouldBe(state);
        }

        host.Logs.Errors.ShouldBeEmpty();
    }

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
