using System.Text.Json.Nodes;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>Two editor nodes have clocks, and neither leads: one is killed at the very moment when something closes by itself. It is closed once, and on time.</summary>
public sealed class ClockCrashTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Killed_when_its_box_is_sealed_and_nothing_is_saved_the_other_node_closes_the_poll_once_at_its_planned_moment()
    {
        await using var cluster = await TwoEditors.StartAsync();
        var (poll, closesAt) = await OpenAsync(cluster, TimeSpan.FromSeconds(3));
        // Both nodes have sealed the box by now, and want to save at the same moment.
        var saving = await cluster.HoldSavingAsync();
        await cluster.SomebodyWaitsAsync();
        await cluster.First.KillAsync();
        await saving.DisposeAsync();

        await cluster.FanSeesAsync(poll, "closed");
        (await cluster.SecondEditor.GetPollAsync(poll)).GetProperty("result").GetProperty("closedAt").GetDateTimeOffset().ShouldBe(closesAt);
        await cluster.CheckFanAsync($"{poll} open", $"{poll} closed");
    }

    [Fact]
    public async Task A_node_that_has_done_nothing_but_start_opens_and_closes_what_was_planned_on_the_one_that_died()
    {
        await using var cluster = await TwoEditors.StartAsync();
        await Eventually.TrueAsync(() => cluster.Second.Process.Output.Contains("The clock has had a dry run", StringComparison.Ordinal), "it had its dry run");
        var (closing, closesAt) = await OpenAsync(cluster, TimeSpan.FromSeconds(4));
        var opensAt = closesAt + Grace + TimeSpan.FromSeconds(1);
        var opening = await cluster.FirstEditor.CreatePollAsync(TwoEditors.Channel, body => body["opensAt"] = opensAt.ToString("O"));
        await cluster.FirstEditor.TellPollAsync(opening, "open");
        await Task.Delay(closesAt + Grace - TimeSpan.FromMilliseconds(300) - DateTimeOffset.UtcNow);
        await cluster.First.KillAsync();

        // A bound that a busy machine keeps too; it is some 50 ms.
        await cluster.FanSeesAsync(closing, "closed");
        (DateTimeOffset.UtcNow - closesAt - Grace).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        await cluster.FanSeesAsync(opening, "open");
        (DateTimeOffset.UtcNow - opensAt).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        (await cluster.SecondEditor.GetPollAsync(closing)).GetProperty("result").GetProperty("closedAt").GetDateTimeOffset().ShouldBe(closesAt);
        (await cluster.SecondEditor.GetPollAsync(opening)).GetProperty("opensAt").GetDateTimeOffset().ShouldBe(opensAt);
        await cluster.CheckFanAsync($"{closing} open", $"{closing} closed", $"{opening} open");
    }

    [Fact]
    public async Task Killed_as_several_polls_close_each_is_closed_once_and_none_waits_for_the_dead()
    {
        await using var cluster = await TwoEditors.StartAsync();
        var polls = new List<string>();
        var closesAt = DateTimeOffset.UtcNow;
        for (var i = 0; i < 5; i++)
        {
            var at = i == 0 ? closesAt = DateTimeOffset.FromUnixTimeMilliseconds((DateTimeOffset.UtcNow + TimeSpan.FromSeconds(8)).ToUnixTimeMilliseconds()) : closesAt;
            var poll = await cluster.FirstEditor.CreatePollAsync(TwoEditors.Channel, body => body["closesAt"] = at.ToString("O"));
            await cluster.FirstEditor.TellPollAsync(poll, "open");
            await cluster.FanSeesAsync(poll, "open");
            polls.Add(poll);
        }

        await Task.Delay(closesAt + Grace - DateTimeOffset.UtcNow);
        await cluster.First.KillAsync();
        // Well below the time after which a box that was found sealed is healed: the other one's own clock closes.
        await Eventually.TrueAsync(() => polls.All(p => cluster.Seen.Contains($"{p} closed")), "all are closed", TimeSpan.FromSeconds(8));
        var seen = cluster.Seen.ToArray();
        foreach (var poll in polls)
        {
            seen.Count(s => s == $"{poll} closed").ShouldBe(1);
            (await cluster.SecondEditor.GetPollAsync(poll)).GetProperty("result").GetProperty("closedAt").GetDateTimeOffset().ShouldBe(closesAt);
        }

        await cluster.CheckFanAsync(seen);
    }

    [Fact]
    public async Task A_quiz_that_runs_by_its_own_clock_goes_on_without_the_node_that_started_it()
    {
        await using var cluster = await TwoEditors.StartAsync();
        var quiz = (await cluster.FirstEditor.SendAsync(HttpMethod.Post, "quizzes", Quiz())).GetProperty("id").GetString()!;
        await cluster.FirstEditor.SendAsync(HttpMethod.Post, $"quizzes/{quiz}/start", body: null);
        await Eventually.TrueAsync(async () => (await StateAsync()).StartsWith("running q2", StringComparison.Ordinal), "the second question is on", TimeSpan.FromSeconds(20));
        await cluster.First.KillAsync();
        await Eventually.TrueAsync(async () => await StateAsync() == "finished q3 revealed", "it is finished", TimeSpan.FromSeconds(30));
        // Each step once: opened, revealed, for three questions, and finished.
        (await cluster.SecondEditor.SendAsync(HttpMethod.Get, $"quizzes/{quiz}", body: null)).GetProperty("version").GetInt64().ShouldBe(1 + (3 * 3) + 1);

        async Task<string> StateAsync()
        {
            var view = await cluster.SecondEditor.SendAsync(HttpMethod.Get, $"quizzes/{quiz}", body: null);
            var current = view.GetProperty("questions")[view.GetProperty("current").GetInt32() - 1];
            var state = view.GetProperty("state").GetString();
            return $"{state} {current.GetProperty("id").GetString()} {current.GetProperty("state").GetString()}";
        }
    }

    private static async Task<(string Poll, DateTimeOffset ClosesAt)> OpenAsync(TwoEditors cluster, TimeSpan closesIn)
    {
        var closesAt = DateTimeOffset.FromUnixTimeMilliseconds((DateTimeOffset.UtcNow + closesIn).ToUnixTimeMilliseconds());
        var poll = await cluster.FirstEditor.CreatePollAsync(TwoEditors.Channel, body => body["closesAt"] = closesAt.ToString("O"));
        await cluster.FirstEditor.TellPollAsync(poll, "open");
        await cluster.FanSeesAsync(poll, "open");
        return (poll, closesAt);
    }

    private static JsonObject Quiz() => new()
    {
        ["channel"] = TwoEditors.Channel,
        ["title"] = new JsonObject { ["en"] = "By its own clock" },
        ["pace"] = "timed",
        ["pauseSeconds"] = 1,
        ["questions"] = new JsonArray(Question("q1"), Question("q2"), Question("q3")),
    };

    private static JsonObject Question(string id) => new()
    {
        ["id"] = id,
        ["text"] = new JsonObject { ["en"] = id },
        ["options"] = new JsonArray(new JsonObject { ["id"] = "a", ["label"] = new JsonObject { ["en"] = "A" } }, new JsonObject { ["id"] = "b", ["label"] = new JsonObject { ["en"] = "B" } }),
        ["correct"] = new JsonArray("a"),
        ["seconds"] = 1,
    };
}
