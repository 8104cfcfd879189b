using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>
/// An editor node is killed at each step between an editor's request and the update's arrival. The other one carries on: the fan sees every update once, and in order. The steps are
/// met by locks that the test holds in the database, and by freezing Redis; the program has no part in it.
/// </summary>
public sealed class EditorCrashTests
{
    [Fact]
    public async Task Killed_before_it_was_saved_nothing_has_happened_and_it_can_be_done_at_the_other_node()
    {
        await using var cluster = await TwoEditors.StartAsync();
        var poll = await cluster.FirstEditor.CreatePollAsync(TwoEditors.Channel);
        var saving = await cluster.HoldSavingAsync();
        var request = TwoEditors.SendIntoTheVoidAsync(cluster.FirstEditor.TellPollAsync(poll, "open"));
        await cluster.SomebodyWaitsAsync();
        await cluster.First.KillAsync();
        await saving.DisposeAsync();
        await request;

        (await cluster.SecondEditor.GetPollAsync(poll)).GetProperty("state").GetString().ShouldBe("draft");
        await Eventually.GetAsync(() => cluster.SecondEditor.TellPollAsync(poll, "open"));
        await cluster.FanSeesAsync(poll, "open");
        await cluster.CheckFanAsync($"{poll} open");
    }

    [Fact]
    public async Task Killed_after_it_was_saved_and_before_it_was_published_the_other_node_publishes_it()
    {
        await using var cluster = await TwoEditors.StartAsync();
        var earlier = await cluster.FirstEditor.CreatePollAsync(TwoEditors.Channel);
        await cluster.FirstEditor.TellPollAsync(earlier, "open");
        var poll = await cluster.FirstEditor.CreatePollAsync(TwoEditors.Channel);
        await cluster.PublishedAsync();
        var saving = await cluster.HoldSavingAsync();
        var request = TwoEditors.SendIntoTheVoidAsync(cluster.FirstEditor.TellPollAsync(poll, "open"));
        await cluster.SomebodyWaitsAsync();

        // Redis was there when the node looked; now it is not.
        await cluster.Redis.PauseAsync();
        await saving.DisposeAsync();
        await cluster.SavedAsync();
        await cluster.First.KillAsync();
        await request;
        await cluster.Redis.ResumeAsync();

        await cluster.FanSeesAsync(poll, "open");
        await Eventually.GetAsync(() => cluster.SecondEditor.TellPollAsync(poll, "close"));
        await cluster.FanSeesAsync(poll, "closed");
        await cluster.CheckFanAsync($"{earlier} open", $"{poll} open", $"{poll} closed");
    }

    [Theory]
    [InlineData("Register")]
    [InlineData("Publish")]
    public async Task Killed_after_an_effect_took_place_and_before_that_was_noted_the_other_node_repeats_it_and_nothing_doubles(string effect)
    {
        await using var cluster = await TwoEditors.StartAsync();
        var poll = await cluster.FirstEditor.CreatePollAsync(TwoEditors.Channel);
        await cluster.PublishedAsync();

        // The other one looks away until it is over, so that it is the first one that publishes.
        cluster.Second.Process.Pause();
        var saving = await cluster.HoldSavingAsync();
        var request = TwoEditors.SendIntoTheVoidAsync(cluster.FirstEditor.TellPollAsync(poll, "open"));
        await cluster.SomebodyWaitsAsync();
        await cluster.Redis.PauseAsync();
        await saving.DisposeAsync();
        await cluster.SavedAsync();
        var noting = await cluster.HoldAsync($"SELECT 1 FROM outbox WHERE effect = '{effect}' FOR UPDATE");
        await cluster.Redis.ResumeAsync();
        await cluster.SomebodyWaitsAsync();
        if (effect == "Publish")
        {
            await cluster.FanSeesAsync(poll, "open");
        }

        await cluster.First.KillAsync();
        await request;
        cluster.Second.Process.Resume();
        await noting.DisposeAsync();

        await cluster.FanSeesAsync(poll, "open");
        await Eventually.GetAsync(() => cluster.SecondEditor.TellPollAsync(poll, "close"));
        await cluster.FanSeesAsync(poll, "closed");
        await cluster.CheckFanAsync($"{poll} open", $"{poll} closed");
    }

    [Fact]
    public async Task Killed_while_it_closed_a_poll_after_sealing_and_before_saving_the_other_node_closes_it_with_every_ballot()
    {
        await using var cluster = await TwoEditors.StartAsync();
        var poll = await cluster.FirstEditor.CreatePollAsync(TwoEditors.Channel);
        await cluster.FirstEditor.TellPollAsync(poll, "open");
        await cluster.FanSeesAsync(poll, "open");
        await cluster.Fan.VoteAsync(poll, "a", "s");
        var saving = await cluster.HoldSavingAsync();
        var request = TwoEditors.SendIntoTheVoidAsync(cluster.FirstEditor.TellPollAsync(poll, "close"));
        await cluster.SomebodyWaitsAsync();
        await cluster.First.KillAsync();
        await saving.DisposeAsync();
        await request;

        // No more ballots, though nobody has been told; and within seconds the other node finds the sealed box.
        await cluster.FanSeesAsync(poll, "closed");
        var closed = await cluster.SecondEditor.GetPollAsync(poll);
        closed.GetProperty("result").GetProperty("ballots").GetInt64().ShouldBe(1);
        closed.GetProperty("result").GetProperty("counts").GetProperty("a").GetInt64().ShouldBe(1);
        await cluster.CheckFanAsync($"{poll} open", $"{poll} closed");
    }

    [Fact]
    public async Task A_poll_that_is_due_is_opened_on_time_though_the_node_that_it_was_scheduled_at_is_gone()
    {
        await using var cluster = await TwoEditors.StartAsync();
        var opensAt = DateTimeOffset.UtcNow.AddSeconds(3);
        var poll = await cluster.FirstEditor.CreatePollAsync(TwoEditors.Channel, body => (body["opensAt"], body["closesAt"]) = (opensAt, opensAt.AddSeconds(3)));
        (await cluster.FirstEditor.TellPollAsync(poll, "open")).GetProperty("state").GetString().ShouldBe("scheduled");
        await cluster.First.KillAsync();

        await cluster.FanSeesAsync(poll, "open");
        (DateTimeOffset.UtcNow - opensAt).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        await cluster.FanSeesAsync(poll, "closed");
        await cluster.CheckFanAsync($"{poll} open", $"{poll} closed");
    }

    [Fact]
    public async Task While_the_database_is_away_fans_vote_on_editors_are_told_and_afterwards_the_count_is_exact()
    {
        await using var cluster = await TwoEditors.StartAsync();
        var poll = await cluster.FirstEditor.CreatePollAsync(TwoEditors.Channel);
        await cluster.FirstEditor.TellPollAsync(poll, "open");
        await cluster.FanSeesAsync(poll, "open");
        await cluster.Postgres.KillAsync();

        var refused = await Should.ThrowAsync<HttpRequestException>(() => cluster.SecondEditor.TellPollAsync(poll, "close"));
        refused.Message.ShouldContain("\"code\":\"unavailable\"");
        (await cluster.Fan.VoteAsync(poll, "b", "while the database is away")).Status.ShouldBe(Contracts.BallotStatus.Accepted);
        await Eventually.TrueAsync(() => cluster.Fan.Tally(poll)?.Counts["b"] == 1, "the fan sees the count");
        (await IsReadyAsync(cluster.FanNode)).ShouldBeTrue();
        (await IsReadyAsync(cluster.First)).ShouldBeFalse();

        await cluster.Postgres.StartAsync();
        var closed = await Eventually.GetAsync(() => cluster.SecondEditor.TellPollAsync(poll, "close"));
        closed.GetProperty("result").GetProperty("ballots").GetInt64().ShouldBe(1);
        await cluster.FanSeesAsync(poll, "closed");
        await cluster.CheckFanAsync($"{poll} open", $"{poll} closed");
        await Eventually.TrueAsync(() => IsReadyAsync(cluster.First), "the node is ready again");
        cluster.First.Process.Output.ShouldNotContain(" ERR ");
        cluster.Second.Process.Output.ShouldNotContain(" ERR ");
    }

    private static async Task<bool> IsReadyAsync(FanHubProcess node)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(node.Address, "/health/ready"));
        return response.IsSuccessStatusCode;
    }
}
