using FanHub.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Announcements;

public abstract class AnnouncementTransitionTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly string[] Steps = ["edit", "publish", "cancel", "revoke"];

    /// <summary>How to get to each state, and where each step leads from it. What is not named is a conflict.</summary>
    private static readonly Dictionary<string, (string[] Way, Dictionary<string, string> Steps)> Table = new(StringComparer.Ordinal)
    {
        ["draft"] = ([], new(StringComparer.Ordinal) { ["edit"] = "draft", ["publish"] = "published", ["cancel"] = "cancelled" }),
        ["scheduled"] = (["schedule"], new(StringComparer.Ordinal) { ["edit"] = "scheduled", ["publish"] = "published", ["cancel"] = "cancelled" }),
        ["published"] = (["publish"], new(StringComparer.Ordinal) { ["revoke"] = "revoked" }),
        ["expired"] = (["publish", "expire"], new(StringComparer.Ordinal)),
        ["cancelled"] = (["cancel"], new(StringComparer.Ordinal)),
        ["revoked"] = (["publish", "revoke"], new(StringComparer.Ordinal)),
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
        var time = new FakeTimeProvider(AnnouncementSteps.Start);
        await using var host = await StartAsync(time: time);
        var (way, steps) = Table[state];
        var later = AnnouncementSteps.Start.AddHours(1);
        var announcement = await host.NewAnnouncementAsync(
            way.Contains("schedule", StringComparer.Ordinal) ? new { opensAt = later } : way.Contains("expire", StringComparer.Ordinal) ? new { expiresAt = AnnouncementSteps.Start.AddSeconds(5) } : null);
        foreach (var one in way)
        {
            if (one == "expire")
            {
                time.Advance(TimeSpan.FromSeconds(6));
                await host.StateAsync(time, announcement, "expired");
                await host.PublishedAsync();
            }
            else
            {
                await host.TellAsync(announcement, one.Replace("schedule", "publish", StringComparison.Ordinal));
            }
        }

        (await host.GetAsync($"announcements/{announcement}")).State.ShouldBe(state);

        var reply = step == "edit"
            ? await host.PutAsync($"announcements/{announcement}", AnnouncementSteps.Body(new { opensAt = later }))
            : await host.PostAsync($"announcements/{announcement}/{step}");

        if (steps.TryGetValue(step, out var to))
        {
            reply.Status.ShouldBe(200, reply.Content);
            reply.State.ShouldBe(to);
            (await host.GetAsync($"announcements/{announcement}")).State.ShouldBe(to);
            await host.PublishedAsync();
            (await host.ItemAsync($"announcement:{announcement}") is not null).ShouldBe(to == "published");
        }
        else
        {
            reply.Status.ShouldBe(409, reply.Content);
            reply.Code.ShouldBe(ErrorCodes.Conflict);
            reply.Body.GetProperty("detail").GetString()!.ShouldContain($"is {state} cannot be");
            (await host.GetAsync($"announcements/{announcement}")).State.ShouldBe(state);
        }

        host.Logs.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("publish")]
    [InlineData("cancel")]
    [InlineData("revoke")]
    public async Task What_is_not_there_or_has_changed_is_told_with_its_code(string step)
    {
        await using var host = await StartAsync();
        var announcement = await host.NewAnnouncementAsync();
        (await host.PostAsync($"announcements/nothing/{step}")).Code.ShouldBe(ErrorCodes.NotFound);
        (await host.PostAsync($"announcements/{announcement}/{step}", null, ("If-Match", "\"7\""))).Code.ShouldBe(ErrorCodes.PreconditionFailed);
        (await host.GetAsync($"announcements/{announcement}")).State.ShouldBe("draft");
    }

    [Fact]
    public async Task A_scheduled_announcement_cannot_lose_its_time_and_appears_at_once_when_it_is_published_again()
    {
        await using var host = await StartAsync();
        var announcement = await host.NewAnnouncementAsync(new { opensAt = DateTimeOffset.UtcNow.AddHours(1) });
        (await host.TellAsync(announcement, "publish")).State.ShouldBe("scheduled");
        (await host.PutAsync($"announcements/{announcement}", AnnouncementSteps.Body())).Code.ShouldBe(ErrorCodes.Invalid);
        var published = await host.TellAsync(announcement, "publish");

        published.State.ShouldBe("published");
        published.Body.GetProperty("opensAt").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task An_announcement_whose_end_has_passed_cannot_be_published()
    {
        var time = new FakeTimeProvider(AnnouncementSteps.Start);
        await using var host = await StartAsync(time: time);
        var announcement = await host.NewAnnouncementAsync(new { expiresAt = AnnouncementSteps.Start.AddMinutes(1) });
        time.Advance(TimeSpan.FromMinutes(1));

        (await host.PostAsync($"announcements/{announcement}/publish")).Code.ShouldBe(ErrorCodes.Conflict);
        (await host.GetAsync($"announcements/{announcement}")).State.ShouldBe("draft", "a draft does not expire");
    }
}

public sealed class AnnouncementTransitionOnSqlite() : AnnouncementTransitionTests(Sqlite);

public sealed class AnnouncementTransitionOnPostgres(PostgresFixture postgres) : AnnouncementTransitionTests(postgres.NewDatabaseAsync);
