using System.Text.Json;
using System.Text.Json.Nodes;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd.Secrecy;

/// <summary>Everything that fans can read at every step of polls and predictions: no text before it is published, no count before its time, and no outcome before it is settled.</summary>
public sealed class BallotSecrecyTests(EmbeddedServerFixture fixture) : IClassFixture<EmbeddedServerFixture>
{
    private readonly Uri _server = fixture.Server.Address;
    private readonly EditorClient _editor = fixture.Editor;

    [Theory]
    [InlineData("polls", "live")]
    [InlineData("polls", "after_vote")]
    [InlineData("polls", "after_close")]
    [InlineData("polls", "never")]
    [InlineData("predictions", "after_vote")]
    [InlineData("predictions", "after_close")]
    [InlineData("predictions", "never")]
    public async Task Nobody_is_told_a_text_a_count_or_an_outcome_before_its_time(string resource, string visibility)
    {
        var channel = $"ballots-{Guid.NewGuid():N}"[..20];
        await _editor.PutChannelAsync(channel);
        await using var voter = await Eavesdropper.JoinAsync(_server, channel);
        await using var silent = await Eavesdropper.JoinAsync(_server, channel);
        var (texts, body) = Marked(channel, visibility);
        var (hidden, unpublished) = Marked(channel, visibility);
        var id = await NewAsync(resource, body);
        var draft = await NewAsync(resource, unpublished);

        await ListenAsync("while it is a draft", texts, silentSees: false, voterSees: false);
        await StepAsync("open", "open");
        await ListenAsync("while it is open", [], silentSees: false, voterSees: false);

        var counted = visibility is "live" or "after_vote";
        foreach (var choice in new[] { "a", "b", "b" })
        {
            await using var other = await RawFan.ConnectAsync(_server);
            (await other.InvokeAsync(HubMethods.Vote, Ballot(choice))).TryGetProperty("result", out _).ShouldBeTrue();
        }

        (await voter.CallAsync(HubMethods.Vote, Ballot("a"))).TryGetProperty("result", out _).ShouldBeTrue();
        if (counted)
        {
            await voter.SeeAsync(u => IsCount(u) && u.GetProperty("data").GetProperty("ballots").GetInt64() == 4);
        }

        await ListenAsync("after votes", [], silentSees: visibility == "live", voterSees: counted);
        await StepAsync(resource == "polls" ? "close" : "lock", "closed");
        await ListenAsync("after closing", [], silentSees: visibility is "live" or "after_close", voterSees: visibility != "never");
        if (resource == "polls")
        {
            await StepAsync("reveal", "revealed");
        }
        else
        {
            (await StandingAsync(voter)).ShouldBe(new Standing(0, null, 0));
            await StepAsync("settle", "settled", new JsonObject { ["correct"] = new JsonArray("a") });
            await voter.SeeAsync(u => u.GetProperty("key").GetString() == $"leaderboard:predictions.{channel}");
            (await StandingAsync(voter)).ShouldBe(new Standing(100, 1, 4));
            (await StandingAsync(silent)).ShouldBe(new Standing(0, null, 4));
        }

        await ListenAsync("at the end", [], silentSees: visibility != "never", voterSees: visibility != "never", ended: true);

        object Ballot(string choice) => new { interaction = id, choices = new[] { choice }, submission = "s" };

        bool IsCount(JsonElement update) => update.GetProperty("key").GetString() == $"tally:{id}" && update.GetProperty("data").ValueKind == JsonValueKind.Object;

        async Task StepAsync(string step, string state, JsonObject? with = null)
        {
            await _editor.SendAsync(HttpMethod.Post, $"{resource}/{id}/{step}", with);
            foreach (var fan in new[] { voter, silent })
            {
                await fan.SeeAsync(u => u.GetProperty("key").GetString() == $"{resource[..^1]}:{id}" && u.GetProperty("data").GetProperty("state").GetString() == state);
            }
        }

        async Task<Standing> StandingAsync(Eavesdropper fan) =>
            (await fan.CallAsync(HubMethods.Standing, $"predictions.{channel}")).GetProperty("result").Deserialize<Standing>(WireJson.Options)!;

        async Task ListenAsync(string when, string[] marks, bool silentSees, bool voterSees, bool ended = false)
        {
            foreach (var (fan, sees) in new[] { (voter, voterSees), (silent, silentSees) })
            {
                await fan.CallAsync(HubMethods.Vote, new { interaction = draft, choices = new[] { "a" }, submission = "s" });
                await fan.CallAsync(HubMethods.Vote, new { interaction = id, choices = new[] { "nothing" }, submission = "s" });
                await fan.CallAsync(HubMethods.Answer, new { quiz = id, question = "a", choices = new[] { "a" }, submission = "s" });
                var heard = await fan.ListenAsync([id, draft, "nothing"]);
                heard.ShouldNotTell(when, [.. hidden, .. marks]);
                if (!sees)
                {
                    heard.ShouldTellNoCount(when, id, ["correct", "settlement"], ended);
                }
                else if (!ended)
                {
                    heard.ShouldNotTell(when, ["\"correct\"", "\"settlement\"", "leaderboard"]);
                }
            }
        }
    }

    private async Task<string> NewAsync(string resource, JsonObject body) => (await _editor.SendAsync(HttpMethod.Post, resource, body)).GetProperty("id").GetString()!;

    private static (string[] Marks, JsonObject Body) Marked(string channel, string visibility)
    {
        string[] marks = [MarkedQuiz.Mark("title"), MarkedQuiz.Mark("label"), MarkedQuiz.Mark("label")];
        return (marks, new JsonObject
        {
            ["channel"] = channel,
            ["title"] = MarkedQuiz.Text(marks[0]),
            ["visibility"] = visibility,
            ["options"] = new JsonArray(new JsonObject { ["id"] = "a", ["label"] = MarkedQuiz.Text(marks[1]) }, new JsonObject { ["id"] = "b", ["label"] = MarkedQuiz.Text(marks[2]) }),
        });
    }
}
