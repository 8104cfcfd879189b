using FanHub.Server.Results.Feed;
using static FanHub.Tests.Server.Results.Desk.Messages;

namespace FanHub.Tests.Server.Results.Desk;

public sealed class DocumentPositionTests
{
    private const string Key = "result:" + Unit;

    [Fact]
    public void A_higher_version_replaces_a_lower_one_and_a_lower_one_is_older()
    {
        var desk = NewDesk();
        desk.Apply(1, Result(1, "LIVE")).Outcome.ShouldBe(FeedOutcome.Applied);
        var applied = desk.Apply(2, Result(3));
        applied.Document.ShouldNotBeNull();
        (applied.Document.Version, applied.Document.Message, applied.Document.Invalidated).ShouldBe((3, 2L, false));
        var older = desk.Apply(3, Result(2, "LIVE"));
        (older.Outcome, older.Document, older.Touched.Count).ShouldBe((FeedOutcome.Older, null, 0));
        desk.Data(Key)!.Value.GetProperty("status").GetString().ShouldBe("official");
    }

    [Fact]
    public void The_same_version_again_is_a_duplicate_and_changes_nothing()
    {
        var desk = NewDesk().With(Result(2));
        var again = desk.Apply(Result(2, "LIVE"));
        (again.Outcome, again.Document, again.Touched.Count, again.Flagged).ShouldBe((FeedOutcome.Duplicate, null, 0, false));
        desk.Data(Key)!.Value.GetProperty("status").GetString().ShouldBe("official");
    }

    [Fact]
    public void An_invalidation_takes_the_item_away_and_does_not_bring_the_version_before_back()
    {
        var desk = NewDesk().With(Result(1), Result(2));
        var applied = desk.Apply(Invalidation(2));
        (applied.Outcome, applied.Urgent, applied.Document!.Invalidated).ShouldBe((FeedOutcome.Invalidated, true, true));
        applied.Touched.ShouldContain(Key);
        desk.Compose(Key, previousData: null).ShouldBeNull();
        desk.Apply(Invalidation(2)).Outcome.ShouldBe(FeedOutcome.Duplicate);
    }

    [Fact]
    public void Content_that_comes_after_its_invalidation_is_dropped()
    {
        var desk = NewDesk();
        var applied = desk.Apply(Invalidation(2));
        (applied.Outcome, applied.Document!.Message).ShouldBe((FeedOutcome.Invalidated, null));
        desk.Apply(Result(2)).Outcome.ShouldBe(FeedOutcome.Duplicate);
        desk.Apply(Result(1)).Outcome.ShouldBe(FeedOutcome.Older);
        desk.Compose(Key, previousData: null).ShouldBeNull();
    }

    [Fact]
    public void A_version_above_an_invalidated_one_is_shown()
    {
        var desk = NewDesk().With(Result(1), Invalidation(1));
        var applied = desk.Apply(Result(2, "UNOFFICIAL"));
        (applied.Outcome, applied.Urgent).ShouldBe((FeedOutcome.Applied, true));
        desk.Data(Key)!.Value.GetProperty("version").GetInt64().ShouldBe(2);
    }

    [Fact]
    public void An_invalidation_of_an_older_version_has_no_effect()
    {
        var desk = NewDesk().With(Result(3));
        desk.Apply(Invalidation(2)).Outcome.ShouldBe(FeedOutcome.Older);
        desk.Compose(Key, previousData: null).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(1, "A", 1, "B", "B")]
    [InlineData(2, "A", 1, "B", "A")]
    [InlineData(1, "A", 2, "B", "B")]
    public void Versions_from_two_sources_go_by_position_and_are_flagged_whichever_came_first(long one, string oneSource, long two, string twoSource, string leads)
    {
        var first = Result(one, source: oneSource, entries: [Entry(oneSource, 1)]);
        var second = Result(two, source: twoSource, entries: [Entry(twoSource, 1)]);
        foreach (var order in Orders([first, second]))
        {
            var desk = NewDesk();
            desk.Apply(order[0]).Flagged.ShouldBeFalse();
            var applied = desk.Apply(order[1]);
            applied.Flagged.ShouldBeTrue();
            applied.Reason.ShouldNotBeNull();
            desk.Data(Key)!.Value.GetProperty("entries")[0].GetProperty("competitor").GetProperty("id").GetString().ShouldBe(leads);
        }
    }

    [Fact]
    public void A_type_that_is_not_read_is_ignored_and_nothing_is_held_of_it()
    {
        var applied = NewDesk().Apply(Message("DT_WEATHER", 1, content: null) with { IsRead = false });
        (applied.Outcome, applied.Document, applied.Touched.Count).ShouldBe((FeedOutcome.Ignored, null, 0));
    }

    [Fact]
    public void Only_what_fans_must_see_at_once_is_urgent()
    {
        var desk = NewDesk();
        desk.Apply(Result(1, "LIVE")).Urgent.ShouldBeTrue("it appears");
        desk.Apply(Result(2, "LIVE", [Entry("1", 1)])).Urgent.ShouldBeFalse("only entries change");
        desk.Apply(Result(3, "OFFICIAL", [Entry("1", 1)])).Urgent.ShouldBeTrue("the status changes");
        desk.Apply(Result(4, "OFFICIAL", [Entry("2", 1)])).Urgent.ShouldBeTrue("a correction");
    }

    [Fact]
    public void Two_competitions_with_one_code_are_flagged()
    {
        var desk = NewDesk();
        desk.Apply(Result(2)).Flagged.ShouldBeFalse();
        var other = Result(5);
        var applied = desk.Apply(other with { Header = other.Header with { CompetitionCode = "OTHER" } });
        applied.Flagged.ShouldBeTrue();
        applied.Reason.ShouldNotBeNull().ShouldContain("OTHER");
    }
}
