using System.Text;
using FanHub.Server.Results.Odf;
using static FanHub.Tests.Server.Results.Odf.OdfMessages;

namespace FanHub.Tests.Server.Results.Odf;

public class OdfMessyTests
{
    [Fact]
    public void Empty_attributes_are_absent()
    {
        var entry = Table(Lines("""
            <Result Rank="" RankEqual="" ResultType="" Result="" IRM="" QualificationMark="" Diff=" " WLT="" SortOrder="" StartOrder="" StartSortOrder="">
              <Competitor Code="1" Type="A" Organisation=""><Composition/></Competitor>
            </Result>
            """)).Entries.ShouldHaveSingleItem();
        entry.ShouldBe(new() { Competitor = new() { Id = "1", Name = "", Organisation = "" } });
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("&lt;p&gt;One &lt;b&gt;bo&lt;/b&gt;ld word.&lt;/p&gt;&lt;p&gt;Two &amp;amp; more&lt;br/&gt;lines&lt;/p&gt;", "One bold word. Two & more lines")]
    [InlineData("<![CDATA[<div class=\"a\">In &quot;CDATA&quot;&nbsp;&eacute;</div>]]>", "In \"CDATA\" é")]
    [InlineData("<p>As <b>ele</b>ments</p><p>too</p>", "As elements too")]
    [InlineData("  spread \n over\t lines ", "spread over lines")]
    [InlineData("5 &lt; 6 &amp;&amp; 7 &gt; 6", "5 < 6 && 7 > 6")]
    [InlineData("I &lt;3 this", "I <3 this")]
    [InlineData("a&lt;script&gt;alert(1) &lt; 2&lt;/script&gt;b", "a b")]
    [InlineData("a&lt;script&gt;alert(1)", "a")]
    [InlineData("a&lt;!-- no &lt;b&gt; --&gt;b", "a b")]
    [InlineData("broken &lt;b tag", "broken <b tag")]
    [InlineData("bell&#7;&#x1F;&#0;rings&#xD800;", "bellrings")]
    [InlineData("", null)]
    [InlineData("&lt;p&gt;&lt;/p&gt;", null)]
    public void Notes_become_plain_text(string note, string? expected) => Read("DT_RESULT", $"{Heat}<Note>{note}</Note>").Note.ShouldBe(expected);

    [Fact]
    public void A_note_may_stand_inside_the_competition() => Read("DT_RESULT", "<Competition><Note>Inside</Note></Competition>").Note.ShouldBe("Inside");

    [Fact]
    public void Of_notes_in_several_languages_the_one_in_the_message_s_own_counts()
    {
        const string notes = "<Competition/><Note Language=\"FRA\">Bonjour</Note><Note Language=\"ENG\">Hello</Note><Note Language=\"ENG\">again</Note>";
        Read("DT_RESULT", notes).Note.ShouldBe("Hello again");
        Read("DT_RESULT", notes, "Language=\"FRA\"").Note.ShouldBe("Bonjour");
        Read("DT_RESULT", notes, "Language=\"GER\"").Note.ShouldBe("Bonjour");
    }

    [Fact]
    public void Very_long_texts_are_cut_between_characters()
    {
        var long1 = string.Concat(Enumerable.Repeat("😀", 400));
        var message = Read("DT_RESULT", $"<Competition><ExtendedInfos><SportDescription EventName=\"x{long1}\"/></ExtendedInfos></Competition><Note>{new string('n', 100_000)}</Note>");
        var name = message.Content.ShouldBeOfType<OdfTable>().EventName!;
        name.Length.ShouldBe(499);
        char.IsLowSurrogate(name[^1]).ShouldBeTrue();
        message.Note!.Length.ShouldBe(2000);
    }

    [Fact]
    public void Control_characters_are_removed_from_texts()
    {
        var table = Table("<Competition><ExtendedInfos><SportDescription EventName=\"Wo&#1;men&#x9;s&#10;&#127;final&#xFFFE;&#x85;\"/></ExtendedInfos></Competition>");
        table.EventName.ShouldBe("Women s final");
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('\u0001')]
    [InlineData('\u000B')]
    [InlineData('\u001F')]
    public void Control_characters_that_no_XML_may_hold_are_left_out_and_told(char forbidden)
    {
        var message = Read("DT_RESULT", $"<Competition/><Note>{forbidden}be{forbidden}{forbidden}ll{forbidden}</Note>");
        message.Note.ShouldBe("bell");
        message.Defects.ShouldHaveSingleItem();
    }

    [Fact]
    public void Unknown_elements_are_passed_over_and_counted()
    {
        var message = Read("DT_RESULT", Lines("<Hologram><Result Rank=\"9\"><Competitor Code=\"9\"/></Result></Hologram>", "<Hologram/>", "<Clock Period=\"H1\"/>", Line("a", "SortOrder=\"1\" Sparkle=\"2\"")));
        message.Content.ShouldBeOfType<OdfTable>().Entries.ShouldHaveSingleItem().Competitor.Id.ShouldBe("a");
        message.Defects.ShouldBe(["Unknown element Hologram in Competition. (2 times)"]);
    }

    [Fact]
    public void Defects_do_not_grow_without_end()
    {
        var message = Read("DT_RESULT", Lines([.. Enumerable.Range(0, 500).Select(i => Line($"{i}", $"SortOrder=\"{i + 1}\" Rank=\"R{i}\""))]));
        message.Content.ShouldBeOfType<OdfTable>().Entries.Count.ShouldBe(500);
        message.Defects.Count.ShouldBe(21);
        message.Defects[^1].ShouldBe("And 480 more.");
    }

    [Fact]
    public void Defects_of_order_are_told()
    {
        var message = Read("DT_RESULT", Lines(Line("a", "SortOrder=\"0\""), Line("b", "SortOrder=\"1\""), Line("c", "SortOrder=\"1\"")));
        message.Defects.Count.ShouldBe(2);
        message.Defects.ShouldAllBe(defect => defect.StartsWith("SortOrder", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("W", "W")]
    [InlineData("l", "L")]
    [InlineData("T", "T")]
    [InlineData("D", "T")]
    [InlineData("?", null)]
    public void Won_lost_and_tied_are_told_apart(string wlt, string? expected) => Table(Lines(Line("a", $"SortOrder=\"1\" WLT=\"{wlt}\""))).Entries[0].Outcome.ShouldBe(expected);

    [Fact]
    public void A_mark_is_not_shown_a_second_time_as_the_result()
    {
        var entry = Table(Lines(Line("a", "SortOrder=\"1\" ResultType=\"IRM\" IRM=\"DNF\" Result=\"DNF\""))).Entries[0];
        (entry.Mark, entry.Result).ShouldBe(("DNF", null));
        entry = Table(Lines(Line("a", "SortOrder=\"1\" ResultType=\"IRM_POINTS\" IRM=\"RET\" Result=\"12\""))).Entries[0];
        (entry.Mark, entry.Result).ShouldBe(("RET", "12"));
    }

    [Fact]
    public void Records_may_be_named_by_their_code_alone() =>
        Table(Lines("<Result SortOrder=\"1\"><RecordIndicators><RecordIndicator Order=\"1\" Code=\"WR\"/><RecordIndicator Order=\"2\" Code=\"WR\"/><RecordIndicator/></RecordIndicators><Competitor Code=\"1\"/></Result>"))
            .Entries[0].Records.ShouldBe(["WR"]);

    [Fact]
    public void Elements_may_be_in_a_namespace()
    {
        var plain = Encoding.UTF8.GetString(Message("DT_RESULT", Match));
        var spaced = plain.Replace("<OdfBody ", "<OdfBody xmlns=\"urn:odf\" ", StringComparison.Ordinal);
        var prefixed = plain.Replace("</", "</o:", StringComparison.Ordinal).Replace("<", "<o:", StringComparison.Ordinal).Replace("<o:/", "</", StringComparison.Ordinal).Replace("<o:?", "<?", StringComparison.Ordinal)
            .Replace("<o:OdfBody ", "<o:OdfBody xmlns:o=\"urn:odf\" ", StringComparison.Ordinal);
        foreach (var text in new[] { spaced, prefixed })
        {
            var table = OdfReader.Read(Encoding.UTF8.GetBytes(text), Settings).Content.ShouldBeOfType<OdfTable>();
            table.Entries.Count.ShouldBe(2);
            table.Periods.Count.ShouldBe(2);
        }
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-8")]
    public void Bodies_come_in_several_encodings(string encoding)
    {
        var bytes = Encoding.GetEncoding(encoding);
        var text = Encoding.UTF8.GetString(Message("DT_RESULT", "<Competition/><Note>Ça va</Note>")).Replace("UTF-8", "UTF-16", StringComparison.Ordinal);
        OdfReader.Read((byte[])[.. bytes.GetPreamble(), .. bytes.GetBytes(text)], Settings).Note.ShouldBe("Ça va");
    }
}
