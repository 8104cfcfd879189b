using FanHub.Server.Results.Odf;
using static FanHub.Tests.Server.Results.Desk.Messages;

namespace FanHub.Tests.Server.Results.Desk;

public sealed class MedalTests
{
    private const string Key = "medals:" + Event;

    [Fact]
    public void Two_silver_medals_to_one_country_count_as_two()
    {
        var desk = NewDesk().With(Medallists(1, [("silver", "BBB"), ("gold", "AAA"), ("silver", "BBB")]));
        desk.Table().ShouldBe(["1 AAA 1-0-0", "2 BBB 0-2-0"]);
        desk.Data(Key)!.Value.GetProperty("medals").EnumerateArray().Select(static m => m.GetProperty("medal").GetString()).ShouldBe(["gold", "silver", "silver"]);
        desk.Compose(Key, previousData: null)!.Channels.ShouldBe(["medals", "sport.swm", "noc.aaa", "noc.bbb"]);
        desk.Compose("medals:table", previousData: null)!.Channels.ShouldBe(["medals"]);
    }

    [Fact]
    public void A_disqualification_after_the_ceremony_moves_medals_and_says_so()
    {
        var desk = NewDesk().With(Medallists(1, [("gold", "AAA"), ("silver", "BBB"), ("silver", "CCC")]));
        var (table, medals) = (desk.Json("medals:table"), desk.Json(Key));
        var applied = desk.Apply(Medallists(2, [("gold", "BBB"), ("gold", "CCC")], minute: 40, note: "AAA disqualified."));
        applied.Urgent.ShouldBeTrue();
        applied.Touched.ShouldBe([Key, "medals:table"], ignoreOrder: true);
        desk.Table().ShouldBe(["1 BBB 1-0-0", "1 CCC 1-0-0"]);
        var now = desk.Data("medals:table", table)!.Value;
        now.GetProperty("corrected").GetBoolean().ShouldBeTrue();
        now.GetProperty("changes").ToString().ShouldBe("""["AAA","BBB","CCC"]""");
        now.GetProperty("note").ToString().ShouldBe("""{"$t":{"en":"AAA disqualified."}}""");
        desk.Data(Key, medals)!.Value.GetProperty("corrected").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void A_table_that_only_grows_is_not_corrected()
    {
        var desk = NewDesk().With(Medallists(1, [("gold", "AAA")], note: "A note."));
        var before = desk.Json("medals:table");
        desk.Apply(Medallists(1, [("gold", "BBB")], code: "ATH"));
        var now = desk.Data("medals:table", before)!.Value;
        now.GetProperty("changes").ToString().ShouldBe("""["BBB"]""");
        now.TryGetProperty("corrected", out _).ShouldBeFalse();
        now.TryGetProperty("note", out _).ShouldBeFalse();
        var again = desk.Json("medals:table", before);
        desk.Json("medals:table", again).ShouldBe(again);
    }

    [Theory]
    [InlineData("OFFICIAL", true)]
    [InlineData("PARTIAL", true)]
    [InlineData("UNOFFICIAL", false)]
    [InlineData("PROTESTED", false)]
    [InlineData(null, false)]
    public void Medals_count_when_they_are_official_or_partial(string? status, bool count)
    {
        var desk = NewDesk().With(Medallists(1, [("gold", "AAA")], status!));
        desk.Table().ShouldBe(count ? ["1 AAA 1-0-0"] : []);
        desk.Compose(Key, previousData: null).ShouldNotBeNull();
    }

    [Fact]
    public void Medals_that_are_withdrawn_leave_an_empty_table_in_either_order()
    {
        foreach (var order in Orders([Medallists(1, [("gold", "AAA")]), Invalidation(1, "DT_MEDALLISTS", Event)]))
        {
            var desk = NewDesk().With(order);
            desk.Table().ShouldBe([]);
            desk.Compose(Key, previousData: null).ShouldBeNull();
        }

        NewDesk().With(Result(1)).Table().ShouldBe(["none"]);
    }

    [Fact]
    public void Medals_of_an_editors_official_result_count()
    {
        var desk = NewDesk().With(Medallists(1, [("gold", "AAA")], code: "ATH"));
        desk.Apply(1, Written("unofficial", "gold"), 1);
        desk.Table().ShouldBe(["1 AAA 1-0-0"]);
        desk.Apply(2, Written("official", "gold"), 2).Touched.ShouldContain("medals:table");
        desk.Table().ShouldBe(["1 AAA 1-0-0", "1 EEE 1-0-0"]);
        desk.Withdraw(3, Unit, 2).Touched.ShouldContain("medals:table");
        desk.Table().ShouldBe(["1 AAA 1-0-0"]);
    }

    [Fact]
    public void Medals_of_an_editors_result_do_not_count_again_where_the_source_names_the_medallists_of_the_event()
    {
        var desk = NewDesk();
        desk.Apply(1, Written("official", "gold"), 1);
        desk.Table().ShouldBe(["1 EEE 1-0-0"]);
        desk.Apply(Medallists(1, [("gold", "AAA")])).Touched.ShouldContain("medals:table");
        desk.Table().ShouldBe(["1 AAA 1-0-0"]);
    }

    [Fact]
    public void A_correction_of_the_table_is_explained_by_the_event_whose_medals_moved_and_by_no_other()
    {
        var desk = NewDesk().With(Medallists(1, [("gold", "AAA")], code: "ONE"), Medallists(1, [("gold", "BBB")], code: "TWO"), Medallists(1, [("gold", "CCC")], code: "TRE"));
        var before = desk.Json("medals:table")!;
        desk.Apply(Medallists(2, [("gold", "DDD")], code: "TWO", minute: 10, note: "Bea disqualified"));
        var moved = desk.Json("medals:table", before)!;
        moved.ShouldContain("Bea disqualified");

        desk.Apply(Medallists(2, [("gold", "DDD")], code: "TRE", minute: 20));
        var again = desk.Json("medals:table", moved)!;
        again.ShouldContain("\"corrected\":true");
        again.ShouldNotContain("Bea disqualified");
    }

    [Fact]
    public void Equal_numbers_share_a_place_and_the_next_one_is_left_out()
    {
        var desk = NewDesk().With(
            Medallists(1, [("gold", "DDD"), ("gold", "BBB"), ("gold", "AAA"), ("gold", "AAA")]),
            Medallists(1, [("silver", "CCC"), ("bronze", "BBB"), ("bronze", "DDD"), ("bronze", "EEE")], code: "ATH"));
        desk.Table().ShouldBe(["1 AAA 2-0-0", "2 BBB 1-0-1", "2 DDD 1-0-1", "4 CCC 0-1-0", "5 EEE 0-0-1"]);
    }

    [Fact]
    public void A_medal_without_an_organisation_counts_when_participants_tell_it()
    {
        var desk = NewDesk().With(Medallists(1, [("gold", "")]));
        desk.Table().ShouldBe([]);
        desk.Apply(People(1, 0, new OdfParticipant("0", "Ana", "AAA"))).Touched.ShouldBe([Key, "medals:table"], ignoreOrder: true);
        desk.Table().ShouldBe(["1 AAA 1-0-0"]);
    }

    [Fact]
    public void The_sources_own_table_is_compared_with_ours()
    {
        var desk = NewDesk().With(Medallists(1, [("gold", "AAA"), ("silver", "BBB")]));
        desk.MedalDifferences.ShouldBeEmpty();
        desk.Apply(Message("DT_MEDALS", 1, new OdfMedalTable(new Dictionary<string, (int, int, int)>(StringComparer.Ordinal) { ["AAA"] = (1, 0, 0), ["BBB"] = (0, 1, 1), ["CCC"] = (0, 0, 1) }), "GLO"));
        desk.MedalDifferences.Count.ShouldBe(2);
        desk.MedalDifferences[0].ShouldStartWith("BBB: 0-1-0 counted, 0-1-1");
        desk.Apply(Message("DT_MEDALS", 1, content: null, "GLO"));
        desk.MedalDifferences.ShouldBeEmpty();
    }
}
