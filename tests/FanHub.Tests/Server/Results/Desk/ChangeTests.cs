using System.Text.Json;
using FanHub.Server.Results.Odf;
using static FanHub.Tests.Server.Results.Desk.Messages;

namespace FanHub.Tests.Server.Results.Desk;

public sealed class ChangeTests
{
    private const string Key = "result:" + Unit;

    [Fact]
    public void What_differs_from_the_published_version_is_told()
    {
        var desk = NewDesk().With(Result(1, "LIVE"));
        var before = desk.Json(Key);
        desk.Apply(Result(2, "UNOFFICIAL", [Entry("1", 1, result: "52.10"), Entry("2", 2, "BBB"), Entry("3", 3)]));
        var now = desk.Data(Key, before)!.Value;
        now.GetProperty("changes").ToString().ShouldBe("""{"fields":["status"],"entries":["1","3"]}""");
        now.TryGetProperty("corrected", out _).ShouldBeFalse();
    }

    [Fact]
    public void What_was_not_published_before_has_no_changes() => NewDesk().With(Result(1)).Data(Key)!.Value.TryGetProperty("changes", out _).ShouldBeFalse();

    [Fact]
    public void What_does_not_differ_is_the_same_to_the_byte()
    {
        var desk = NewDesk().With(Result(1, "LIVE"));
        var first = desk.Json(Key);
        desk.Apply(Result(2, "OFFICIAL"));
        var second = desk.Json(Key, first);
        second!.ShouldContain("changes");
        desk.Json(Key, second).ShouldBe(second);
    }

    [Fact]
    public void An_official_result_that_changes_is_corrected_and_stays_so_while_official()
    {
        var desk = NewDesk().With(Result(1));
        var shown = desk.Json(Key);
        desk.Apply(Result(2, note: "Only a note."));
        shown = desk.Json(Key, shown);
        shown!.ShouldContain("\"fields\":[\"note\"]");
        shown!.ShouldNotContain("corrected");
        desk.Apply(Result(3, entries: [Entry("2", 1, "BBB"), Entry("1", null, mark: "DSQ")], note: "Disqualified."));
        shown = desk.Json(Key, shown);
        JsonDocument.Parse(shown!).RootElement.GetProperty("corrected").GetBoolean().ShouldBeTrue();
        desk.Apply(Result(4, entries: [Entry("2", 1, "BBB"), Entry("1", null, mark: "DSQ")], note: "Disqualified."));
        shown = desk.Json(Key, shown);
        JsonDocument.Parse(shown!).RootElement.GetProperty("corrected").GetBoolean().ShouldBeTrue();
        shown!.ShouldNotContain("changes");
    }

    [Fact]
    public void A_further_language_or_a_name_that_comes_late_corrects_nothing()
    {
        var desk = NewDesk().With(Result(3, entries: [Entry("1", 1, name: "")], language: "ENG"));
        var shown = desk.Json(Key)!;
        desk.Apply(Result(3, entries: [Entry("1", 1, name: "")], language: "FRA", title: "Finale"));
        var translated = desk.Json(Key, shown)!;
        translated.ShouldContain("Finale");
        translated.ShouldNotContain("corrected");

        desk.Apply(People(1, 0, new OdfParticipant("1", "Ana Alpha", "AAA")));
        var named = desk.Json(Key, translated)!;
        named.ShouldContain("Ana Alpha");
        named.ShouldNotContain("corrected");
    }

    [Fact]
    public void A_result_that_was_not_official_is_not_corrected_by_changing()
    {
        var desk = NewDesk().With(Result(1, "UNOFFICIAL"));
        var before = desk.Json(Key);
        desk.Apply(Result(2));
        desk.Data(Key, before)!.Value.TryGetProperty("corrected", out _).ShouldBeFalse();
    }
}
