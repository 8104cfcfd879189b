using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Feed;
using FanHub.Server.Results.Odf;
using static FanHub.Tests.Server.Results.Desk.Messages;

namespace FanHub.Tests.Server.Results.Desk;

public sealed class ResultCompositionTests
{
    private const string Key = "result:" + Unit;

    [Fact]
    public void A_result_is_on_the_channels_of_its_unit_its_sport_and_each_organisation()
    {
        var relay = Result(1, entries: [Entry("T1", 1, "AAA", members: [new("m1", "Mem One"), new("m2", "Mem Two")]), Entry("2", 2, "BBB")]);
        var desk = NewDesk().With(relay, People(1, 0, new OdfParticipant("m2", "Mem Two", "CCC")));
        desk.Compose(Key, previousData: null)!.Channels.ShouldBe([UnitChannel, "sport.swm", "noc.aaa", "noc.bbb", "noc.ccc"]);
    }

    [Fact]
    public void A_result_says_what_the_contract_says()
    {
        var composed = NewDesk().With(Result(3, "OFFICIAL", [Entry("1", 1, result: "52.10")], note: "As decided.")).Compose(Key, previousData: null)!;
        (composed.Kind, composed.Class, composed.At).ShouldBe((ItemKinds.Result, DeliveryClass.Logged, new DateTimeOffset(2026, 7, 31, 18, 0, 0, TimeSpan.Zero)));
        System.Text.Encoding.UTF8.GetString(composed.Data).ShouldBe(
            $$$$"""{"unit":"{{{{Unit}}}}","sport":"SWM","title":{"$t":{"en":"100m Freestyle, Final"}},"status":"official","at":"2026-07-31T18:00:00+00:00","version":3,"entries":[{"rank":1,"competitor":{"id":"1","name":"Name 1","organisation":"AAA"},"result":"52.10"}],"venue":"Arena","note":{"$t":{"en":"As decided."}}}""");
    }

    [Theory]
    [InlineData("100m", "100m Final", "100m Final")]
    [InlineData("100m", "Final", "100m, Final")]
    [InlineData("100m Final", "Final", "100m Final")]
    [InlineData("Semifinal", "final", "Semifinal, final")]
    [InlineData("100m", null, "100m")]
    [InlineData(" ", "Final", "Final")]
    [InlineData(null, null, null)]
    public void A_title_does_not_say_the_event_twice(string? @event, string? unit, string? title) => ResultTexts.Joined(@event, unit).ShouldBe(title);

    [Fact]
    public void A_result_without_a_title_takes_the_one_of_the_schedule_and_else_its_code()
    {
        var desk = NewDesk().With(Result(1, title: null));
        desk.Data(Key)!.Value.GetProperty("title").GetProperty("$t").GetProperty("en").GetString().ShouldBe(Unit);
        desk.Apply(Schedule(1, 0, Planned(name: "The final"))).Touched.ShouldContain(Key);
        desk.Data(Key)!.Value.GetProperty("title").GetProperty("$t").GetProperty("en").GetString().ShouldBe("The final");
    }

    [Fact]
    public void Names_that_a_result_lacks_come_from_participants_and_else_are_ids()
    {
        var desk = NewDesk().With(Result(1, entries: [Entry("7", 1, "", name: ""), Entry("8", 2, name: "")]));
        desk.Apply(People(1, 0, new OdfParticipant("7", "ALPHA Ana", "AAA"))).Touched.ShouldBe([Key]);
        var entries = desk.Data(Key)!.Value.GetProperty("entries");
        entries[0].GetProperty("competitor").ToString().ShouldBe("""{"id":"7","name":"ALPHA Ana","organisation":"AAA"}""");
        entries[1].GetProperty("competitor").GetProperty("name").GetString().ShouldBe("8");
    }

    [Fact]
    public void Documents_in_several_languages_are_one_item_and_the_highest_version_leads()
    {
        OdfMessage[] all =
        [
            Result(2, language: "ENG", entries: [Entry("1", 1, name: "Ana"), Entry("2", 2, name: "Bea")], title: "Final", note: "Corrected."),
            Result(2, language: "FRA", entries: [Entry("1", 1, name: "Anne"), Entry("2", 2, name: "Bea")], title: "Finale", note: "Corrigé."),
            Result(1, "LIVE", language: "GER", entries: [Entry("1", 2, name: "Anna")], title: "Endlauf", note: "Alt."),
        ];
        foreach (var order in Orders(all))
        {
            var data = NewDesk().With(order).Data(Key)!.Value;
            data.GetProperty("status").GetString().ShouldBe("official");
            data.GetProperty("title").ToString().ShouldBe("""{"$t":{"en":"100m Freestyle, Final","fr":"100m Freestyle, Finale","de":"100m Freestyle, Endlauf"}}""");
            data.GetProperty("note").ToString().ShouldBe("""{"$t":{"en":"Corrected.","fr":"Corrigé."}}""");
            data.GetProperty("entries")[0].GetProperty("competitor").GetProperty("name").ToString().ShouldBe("""{"$t":{"en":"Ana","fr":"Anne","de":"Anna"}}""");
            data.GetProperty("entries")[1].GetProperty("competitor").GetProperty("name").GetString().ShouldBe("Bea");
        }
    }

    [Theory]
    [InlineData("ENG", "en")]
    [InlineData("fra", "fr")]
    [InlineData("GER", "de")]
    [InlineData("DEU", "de")]
    [InlineData("CHI", "zh")]
    [InlineData("ZHO", "zh")]
    [InlineData(null, "it")]
    [InlineData("??", "it")]
    [InlineData("GLE", "gle")]
    public void Languages_of_feeds_become_tags(string? feed, string tag) => OdfLanguages.Tag(feed, "it").ShouldBe(tag);

    [Fact]
    public void Cumulative_and_phase_results_and_subtypes_are_items_of_their_own()
    {
        var desk = NewDesk().With(Result(1), Result(1, type: "DT_CUMULATIVE_RESULT"), Result(1, type: "DT_PHASE_RESULT", subtype: "X"), Result(1, subtype: "Y"));
        desk.Keys.Order(StringComparer.Ordinal).ShouldBe([Key, Key + ".Y", Key + ".cumulative", Key + ".phase.X"]);
        desk.Data(Key + ".cumulative")!.Value.GetProperty("table").GetString().ShouldBe("cumulative");
        desk.Data(Key + ".phase.X")!.Value.GetProperty("table").GetString().ShouldBe("phase");
        desk.Data(Key)!.Value.TryGetProperty("table", out _).ShouldBeFalse();
    }

    [Fact]
    public void Telemetry_is_gone_once_the_result_is_official()
    {
        const string Telemetry = "telemetry:" + Unit;
        var current = Result(7, "LIVE", type: "DT_CURRENT");
        foreach (var order in Orders([current, Result(1, "LIVE"), Result(2)]))
        {
            NewDesk().With(order).Compose(Telemetry, previousData: null).ShouldBeNull();
        }

        var desk = NewDesk().With(current, Result(1, "LIVE"));
        var composed = desk.Compose(Telemetry, previousData: null)!;
        (composed.Kind, composed.Class).ShouldBe((ItemKinds.Telemetry, DeliveryClass.Latest));
        composed.Channels.ShouldBe([UnitChannel]);
        var applied = desk.Apply(Result(2));
        applied.Touched.ShouldBe([Key, Telemetry], ignoreOrder: true);
        applied.Urgent.ShouldBeTrue();
    }

    [Fact]
    public void The_editors_result_leads_over_the_feed_and_both_are_flagged()
    {
        var desk = NewDesk().With(Result(5));
        desk.Apply(2, Written("unofficial"), 1).Flagged.ShouldBeTrue();
        desk.Data(Key)!.Value.GetProperty("title").GetProperty("$t").GetProperty("en").GetString().ShouldBe("As the editor says");
        desk.Apply(Result(6)).Flagged.ShouldBeTrue();
        desk.Data(Key)!.Value.GetProperty("status").GetString().ShouldBe("unofficial");
        desk.Withdraw(3, Unit, 1).Outcome.ShouldBe(FeedOutcome.Invalidated);
        (desk.EditorsVersion(Unit), desk.HasEditorsResult(Unit)).ShouldBe((1, false));
        desk.Data(Key)!.Value.GetProperty("version").GetInt64().ShouldBe(6);
        desk.Apply(4, Written(), 2).Outcome.ShouldBe(FeedOutcome.Applied);
        desk.HasEditorsResult(Unit).ShouldBeTrue();
    }

    [Fact]
    public void A_result_that_is_too_large_loses_members_first_and_then_entries()
    {
        TeamMember[] team = [.. Enumerable.Range(0, 12).Select(i => new TeamMember($"m{i}", $"Member number {i}"))];
        var teams = NewDesk().With(Result(1, entries: [.. Enumerable.Range(0, 100).Select(i => Entry($"{i}", i, members: team))])).Data(Key)!.Value;
        teams.GetProperty("entries").GetArrayLength().ShouldBe(100);
        teams.GetProperty("entries")[0].GetProperty("competitor").TryGetProperty("members", out _).ShouldBeFalse();
        teams.TryGetProperty("of", out _).ShouldBeFalse();

        var desk = NewDesk().With(Result(1, entries: [.. Enumerable.Range(0, 5000).Select(i => Entry($"{i}", i))]));
        var before = desk.Json(Key)!;
        desk.Apply(Result(2, entries: [.. Enumerable.Range(0, 5000).Select(i => Entry($"{i}", i, result: "1"))]));
        var composed = desk.Compose(Key, before)!;
        composed.Data.Length.ShouldBeInRange(40_000, 60_000);
        var data = JsonDocument.Parse(composed.Data).RootElement;
        data.GetProperty("of").GetInt32().ShouldBe(5000);
        data.GetProperty("changes").GetProperty("entries").GetArrayLength().ShouldBe(data.GetProperty("entries").GetArrayLength());
    }

    [Theory]
    [InlineData("", "SWMW100MFR/é ÀB", "sport.swm")]
    [InlineData("rehearsal.0192f00000000000000000000000.", "SWM", "rehearsal.0192f00000000000000000000000.sport.swm")]
    [InlineData("", "", "sport.")]
    [InlineData("rehearsal.x.", "\"*İ…………………………………………………………………………………………………………………………………………………………………………………………", "rehearsal.x.sport.___")]
    public void Channel_names_are_safe_for_odd_codes(string prefix, string code, string sport)
    {
        var composed = NewDesk(prefix).With(Result(1, code: code, entries: [Entry("1", 1, "É/É" + new string('X', 200))])).Compose("result:" + code[..Math.Min(100, code.Length)], previousData: null)!;
        composed.Channels.ShouldAllBe(c => ChannelName.IsValid(c));
        composed.Channels[1].ShouldBe(sport);
        composed.Channels.ShouldAllBe(c => c.StartsWith(prefix, StringComparison.Ordinal));
        (composed.Key.Length <= 200).ShouldBeTrue();
    }

    [Fact]
    public void Channels_have_titles_in_the_default_language_at_least()
    {
        var desk = NewDesk(prefix: "rehearsal.1.", locale: "it").With(Result(1, language: "ENG"));
        desk.ChannelTitle("rehearsal.1." + UnitChannel)["it"].ShouldBe("100m Freestyle, Final");
        desk.ChannelTitle("rehearsal.1.sport.swm")["en"].ShouldBe("Swimming");
        desk.ChannelTitle("rehearsal.1.noc.aaa")["it"].ShouldBe("AAA");
        desk.ChannelTitle("rehearsal.1.medals")["it"].ShouldBe("Medals");
    }
}
