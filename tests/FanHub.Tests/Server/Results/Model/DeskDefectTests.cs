using System.Text.Json.Nodes;
using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Odf;

namespace FanHub.Tests.Server.Results.Model;

/// <summary>Small feeds that the model once found to end wrong.</summary>
public sealed class DeskDefectTests
{
    private const string Unit = "SWMX4X100MFR----------FNL-000100--";

    private static readonly Who Team = new("T1", "AAA", "Alphaland", [new Teammate("1", "Ana Alpha", "AAA"), new Teammate("2", "Bea Bravo", "BBB")]);

    [Fact]
    public void A_start_that_is_not_to_be_shown_is_not_shown()
    {
        var slot = new Slot(Unit, "SCHEDULED", new DateTimeOffset(2030, 7, 31, 20, 0, 0, TimeSpan.FromHours(2))) { Hidden = true };
        var item = Compose("schedule:2030-07-31.SWM", new Letter { Type = "DT_SCHEDULE", Code = "SWM", Version = 1, Source = "A", Time = At(1), Body = new Schedule([slot]) });
        JsonNode.Parse(item!.Data)!["units"]![0]!.AsObject().ContainsKey("start").ShouldBeFalse();
    }

    [Theory]
    [InlineData("DT_RESULT", "result:")]
    [InlineData("DT_MEDALLISTS", "medals:")]
    public void Those_who_follow_where_only_a_member_of_a_team_comes_from_get_its_result(string type, string kind)
    {
        Body body = type == "DT_RESULT" ? new Table("Relay", null, null, [new Line(Team) { Sort = 1 }], []) : new Medallists("Relay", [("gold", Team)]);
        Compose(kind + Unit, new Letter { Type = type, Code = Unit, Version = 1, Source = "A", Status = "OFFICIAL", Time = At(1), Body = body })!.Channels.ShouldContain("noc.bbb");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_withdrawn_in_one_language_does_not_bring_back_an_older_version_in_another(bool restarted)
    {
        var table = new Table("Relay", null, null, [new Line(Team) { Sort = 1 }], []);
        var english = new Letter { Type = "DT_RESULT", Code = Unit, Language = "ENG", Version = 1, Source = "A", Status = "LIVE", Time = At(1), Body = table };
        var french = english with { Language = "FRA", Version = 2, Time = At(2) };
        // Whether the French content ever came or not.
        foreach (Letter[] feed in new[] { new[] { english, french, french with { Body = null } }, [english, french with { Body = null }] })
            Compose("result:" + Unit, restarted, feed).ShouldBeNull();
        Compose("result:" + Unit, restarted, english, french with { Body = null }, english with { Version = 2 }).ShouldNotBeNull();
    }

    private static DateTime At(int minute) => new(2030, 7, 31, 20, minute, 0);

    private static Composed? Compose(string key, params Letter[] feed) => Compose(key, restarted: false, feed);

    private static Composed? Compose(string key, bool restarted, params Letter[] feed)
    {
        var settings = new DeskSettings { Zone = World.Zone, Locale = World.Locale, Prefix = "" };
        var messages = feed.Select(l => OdfReader.Read(FeedXml.Write(l), new OdfReading(World.Zone, World.Locale))).ToList();
        var desk = new ResultDesk(settings);
        var held = messages.Select((m, i) => desk.Apply(i + 1, m).Document!).ToList();
        if (restarted)
        {
            desk = new ResultDesk(settings);
            foreach (var document in held.GroupBy(d => d.Key).Select(g => g.Last()))
                desk.Restore(document, document.Message is { } message ? messages[(int)message - 1] : null);
        }

        return desk.Compose(key, null);
    }
}
