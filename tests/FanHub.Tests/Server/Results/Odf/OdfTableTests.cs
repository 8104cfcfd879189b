using FanHub.Contracts;
using FanHub.Server.Results.Odf;
using static FanHub.Tests.Server.Results.Odf.OdfMessages;

namespace FanHub.Tests.Server.Results.Odf;

public class OdfTableTests
{
    [Fact]
    public void A_relay_is_read_with_its_members_in_their_order()
    {
        var message = Read("DT_RESULT", Relay, "ResultStatus=\"OFFICIAL\"");
        message.IsRead.ShouldBeTrue();
        message.Invalidates.ShouldBeFalse();
        message.Note.ShouldBeNull();
        message.Defects.ShouldBeEmpty();
        message.Header.ResultStatus.ShouldBe("OFFICIAL");
        var table = message.Content.ShouldBeOfType<OdfTable>();
        table.SportName.ShouldBe("Swimming");
        table.EventName.ShouldBe("Mixed 4 x 100m Medley Relay");
        table.UnitName.ShouldBe("Final");
        table.Venue.ShouldBe("The Pool");
        table.Periods.ShouldBeEmpty();
        table.Entries.Select(e => e.Competitor.Name).ShouldBe(["Alphaland", "Betaland", "Gammaland"]);
        var first = table.Entries[0];
        first.Rank.ShouldBe(1);
        first.RankEqual.ShouldBeNull();
        first.Result.ShouldBe("3:38.90");
        first.ResultType.ShouldBe("TIME");
        first.Start.ShouldBe("4");
        first.Records.ShouldBe(["WR", "OR"]);
        first.Competitor.Members.ShouldBe([new TeamMember("101", "Ana One"), new TeamMember("102", "Ari Two")]);
        table.Entries[1].Diff.ShouldBe("+1.20");
        table.Entries[1].Records.ShouldBeNull();
        table.Entries[1].Competitor.Members.ShouldBe([new TeamMember("201", "Bea One"), new TeamMember("202", "Bo Two")]);
        table.Entries[2].Mark.ShouldBe("DSQ");
        table.Entries[2].Rank.ShouldBeNull();
        table.Entries[2].Result.ShouldBeNull();
        table.Entries[2].Competitor.Members.ShouldBeNull();
    }

    [Fact]
    public void The_organisations_of_members_are_told_too() => Table(Relay).Organisations.ShouldBe(["AAA", "BBB", "CCC", "ZZZ"]);

    [Fact]
    public void A_match_is_read_with_what_each_side_scored_in_each_period()
    {
        var table = Table(Match);
        table.Entries.Select(e => (e.Competitor.Name, e.Result, e.Outcome)).ShouldBe([("Awa Home", "1", "W"), ("Lea Away", "0", "L")]);
        table.Entries[0].Competitor.Members.ShouldBeNull();
        table.Periods.Select(p => (p.Name, p.Scores["1010001"], p.Scores["1010002"])).ShouldBe([("G1", "21", "18"), ("G2", "7", "11")]);
    }

    [Theory]
    [InlineData("StartSortOrder=\"2\" SortOrder=\"1\"", "StartSortOrder=\"1\" SortOrder=\"2\"", "b")]
    [InlineData("SortOrder=\"2\"", "SortOrder=\"1\"", "b")]
    [InlineData("SortOrder=\"1\"", "SortOrder=\"1\"", "a")]
    [InlineData("SortOrder=\"1\" HomeAway=\"A\"", "SortOrder=\"2\" HomeAway=\"H\"", "b")]
    public void Without_telling_who_is_home_the_first_to_start_is(string a, string b, string home)
    {
        var table = Table(Lines("<Periods><Period Code=\"H1\" HomeScore=\"2\" AwayScore=\"0\"/></Periods>", Line("a", a), Line("b", b)));
        table.Periods.ShouldHaveSingleItem().Scores[home].ShouldBe("2");
        table.Periods[0].Scores[home == "a" ? "b" : "a"].ShouldBe("0");
    }

    [Fact]
    public void Periods_that_nobody_can_be_given_are_left_out_and_told()
    {
        var message = Read("DT_RESULT", Lines("<Periods><Period Code=\"H1\" HomeScore=\"2\" AwayScore=\"0\"/></Periods>", Line("a", "SortOrder=\"1\"")));
        message.Content.ShouldBeOfType<OdfTable>().Periods.ShouldBeEmpty();
        message.Defects.ShouldHaveSingleItem().ShouldContain("Periods");
    }

    [Fact]
    public void Heats_tell_who_qualified()
    {
        var table = Table(Heat);
        table.Entries.Select(e => e.Qualified).ShouldBe(["Q", "Q", "q", null]);
        table.Entries.Select(e => e.RankEqual).ShouldAllBe(equal => equal == null);
        table.Organisations.ShouldBe(["AAA", "BBB", "CCC"]);
    }

    [Fact]
    public void A_shared_rank_is_marked_even_where_the_message_forgot()
    {
        var message = Read("DT_RESULT", Lines(Line("a", "Rank=\"1\" SortOrder=\"1\""), Line("b", "Rank=\"2\" SortOrder=\"2\""), Line("c", "Rank=\"2\" SortOrder=\"3\""), Line("d", "Rank=\"4\" SortOrder=\"4\"")));
        message.Content.ShouldBeOfType<OdfTable>().Entries.Select(e => e.RankEqual).ShouldBe([null, true, true, null]);
        message.Defects.ShouldBe(["Rank 2 is shared but lacks RankEqual. (2 times)"]);
    }

    [Fact]
    public void A_rank_that_is_marked_as_shared_stays_so() =>
        Table(Lines(Line("a", "Rank=\"1\" RankEqual=\"Y\" SortOrder=\"1\""), Line("b", "Rank=\"2\" RankEqual=\"N\" SortOrder=\"2\""))).Entries.Select(e => e.RankEqual).ShouldBe([true, null]);

    [Theory]
    [InlineData("1", 1, null, null)]
    [InlineData("01", 1, null, null)]
    [InlineData(" 3. ", 3, null, null)]
    [InlineData("1=", 1, null, true)]
    [InlineData("=1", 1, null, true)]
    [InlineData("T2", 2, null, true)]
    [InlineData("AC", null, "AC", null)]
    [InlineData("DNF", null, "DNF", null)]
    [InlineData("1-3", null, "1-3", null)]
    [InlineData("0", null, null, null)]
    [InlineData("-", null, null, null)]
    [InlineData("", null, null, null)]
    [InlineData("99999999999", null, "99999999999", null)]
    public void Ranks_are_read_however_they_are_written(string written, int? rank, string? text, bool? equal)
    {
        var entry = Table(Lines(Line("a", $"Rank=\"{written}\" SortOrder=\"1\""))).Entries.ShouldHaveSingleItem();
        entry.Rank.ShouldBe(rank);
        entry.RankText.ShouldBe(text);
        entry.RankEqual.ShouldBe(equal);
    }

    [Theory]
    [InlineData("0", "0", "0", "abc")]
    [InlineData("1", "1", "1", "abc")]
    [InlineData("3", "2", "1", "cba")]
    [InlineData("2", "", "1", "cab")]
    [InlineData("2", "x", "2", "acb")]
    [InlineData(" 2 ", "3", "1", "cab")]
    [InlineData("10", "9", "-1", "bac")]
    public void Entries_keep_an_order_whatever_their_sort_order_is(string a, string b, string c, string expected)
    {
        var table = Table(Lines(Line("a", $"SortOrder=\"{a}\""), Line("b", $"SortOrder=\"{b}\""), Line("c", $"SortOrder=\"{c}\"")));
        string.Concat(table.Entries.Select(e => e.Competitor.Id)).ShouldBe(expected);
    }

    [Fact]
    public void A_live_race_is_read_where_only_extended_results_tell_of_it()
    {
        var message = Read("DT_CURRENT", Lines("""
            <Result SortOrder="1" StartSortOrder="3">
              <ExtendedResults><ExtendedResult Type="ER" Code="SPEED" Value="12"/><ExtendedResult Type="ER" Code="LIVE" Value="9.89" Rank="2" Diff="+0.05" Arrive="100"/></ExtendedResults>
              <Competitor Code="1" Type="A" Organisation="AAA"/>
            </Result>
            """));
        var entry = message.Content.ShouldBeOfType<OdfTable>().Entries.ShouldHaveSingleItem();
        (entry.Result, entry.Rank, entry.Diff).ShouldBe(("9.89", 2, "+0.05"));
    }

    [Fact]
    public void A_cumulative_result_is_not_mixed_up_with_the_results_that_it_sums_up()
    {
        var message = Read("DT_CUMULATIVE_RESULT", Lines("""
            <Result Rank="1" SortOrder="1" ResultType="POINTS" Result="8800">
              <ResultItems><ResultItem Unit="A"><Result Rank="7" Result="10.9" SortOrder="7"/></ResultItem></ResultItems>
              <Competitor Code="1" Type="A" Organisation="AAA"/>
            </Result>
            """));
        var entry = message.Content.ShouldBeOfType<OdfTable>().Entries.ShouldHaveSingleItem();
        (entry.Rank, entry.Result).ShouldBe((1, "8800"));
    }

    [Theory]
    [InlineData("DT_RESULT")]
    [InlineData("DT_CURRENT")]
    [InlineData("DT_CUMULATIVE_RESULT")]
    [InlineData("DT_PHASE_RESULT")]
    public void All_tables_are_read(string type) => Read(type, Heat).Content.ShouldBeOfType<OdfTable>().Entries.Count.ShouldBe(4);

    [Theory]
    [InlineData("TBD")]
    [InlineData("NOCOMP")]
    [InlineData("BYE")]
    [InlineData("")]
    public void Who_is_not_known_yet_is_left_out_without_complaint(string code)
    {
        var message = Read("DT_RESULT", Lines(Line("a", "SortOrder=\"1\""), $"<Result SortOrder=\"2\"><Competitor Code=\"{code}\" Type=\"A\"/></Result>", "<Result SortOrder=\"3\"/>"));
        message.Content.ShouldBeOfType<OdfTable>().Entries.ShouldHaveSingleItem().Competitor.Id.ShouldBe("a");
        message.Defects.ShouldBeEmpty();
    }

    [Fact]
    public void A_result_of_nobody_is_left_out_and_told()
    {
        var message = Read("DT_RESULT", Lines(
            "<Result Rank=\"1\" Result=\"9.9\" SortOrder=\"1\"/>",
            "<Result Rank=\"2\" SortOrder=\"2\"><Competitor Code=\"\" Type=\"T\" Organisation=\"AAA\"/></Result>"));
        message.Content.ShouldBeOfType<OdfTable>().Entries.ShouldBeEmpty();
        message.Defects.Count.ShouldBe(2);
    }

    [Fact]
    public void An_athlete_stands_for_a_competitor_whose_code_was_forgotten()
    {
        var entry = Table(Lines("""
            <Result SortOrder="1"><Competitor Type="A"><Composition><Athlete Code="7" Order="1"><Description FamilyName="Solo" Organisation="AAA"/></Athlete></Composition></Competitor></Result>
            """)).Entries.ShouldHaveSingleItem();
        entry.Competitor.ShouldBe(new Competitor { Id = "7", Name = "Solo", Organisation = "AAA" });
    }

    [Fact]
    public void An_empty_table_is_a_table()
    {
        var message = Read("DT_RESULT", "<Competition/>");
        message.Invalidates.ShouldBeFalse();
        message.Content.ShouldBeOfType<OdfTable>().Entries.ShouldBeEmpty();
    }

    [Fact]
    public void Names_are_as_printed_or_put_together()
    {
        static string Of(string description) => Table(Lines($"<Result SortOrder=\"1\"><Competitor Code=\"1\" Type=\"A\"><Composition><Athlete Code=\"1\"><Description {description}/></Athlete></Composition></Competitor></Result>")).Entries[0].Competitor.Name;
        Of("PrintName=\"ALPHA Ana\" TVName=\"Ana ALPHA\" GivenName=\"Ana\" FamilyName=\"Alpha\"").ShouldBe("ALPHA Ana");
        Of("PrintName=\"\" TVName=\"Ana ALPHA\" GivenName=\"Ana\" FamilyName=\"Alpha\"").ShouldBe("Ana ALPHA");
        Of("GivenName=\" Ana \" FamilyName=\"Alpha\"").ShouldBe("Ana Alpha");
        Of("GivenName=\"\" FamilyName=\"Alpha\"").ShouldBe("Alpha");
        Of("GivenName=\"Ana\"").ShouldBe("Ana");
        Of("").ShouldBe("");
    }
}
