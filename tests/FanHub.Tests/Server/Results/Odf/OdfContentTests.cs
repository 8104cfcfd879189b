using FanHub.Contracts;
using FanHub.Server.Results.Odf;
using static FanHub.Tests.Server.Results.Odf.OdfMessages;

namespace FanHub.Tests.Server.Results.Odf;

public class OdfContentTests
{
    [Theory]
    [InlineData("DT_SCHEDULE")]
    [InlineData("DT_SCHEDULE_UPDATE")]
    public void A_schedule_is_read_with_its_names_in_each_language(string type)
    {
        var message = Read(type, Schedule);
        message.Defects.ShouldBeEmpty();
        var units = message.Content.ShouldBeOfType<OdfSchedule>().Units;
        units.Count.ShouldBe(3);
        units[0].Code.ShouldBe("SWMW100MFR------------FNL-000100--");
        units[0].Status.ShouldBe("SCHEDULED");
        units[0].Start.ShouldBe(new DateTimeOffset(2030, 8, 1, 20, 30, 0, TimeSpan.FromHours(2)));
        units[0].End.ShouldBe(new DateTimeOffset(2030, 8, 1, 20, 40, 0, TimeSpan.FromHours(2)));
        units[0].Day.ShouldBeNull();
        units[0].Order.ShouldBe(3);
        units[0].Venue.ShouldBe("The Pool");
        units[0].Medal.ShouldBeTrue();
        units[0].Deleted.ShouldBeFalse();
        units[0].StartHidden.ShouldBeFalse();
        units[0].Names.ShouldBe(new Dictionary<string, string> { ["en"] = "Women's 100m Freestyle Final", ["fr"] = "Finale du 100 m nage libre femmes" }, ignoreOrder: true);
    }

    [Fact]
    public void Times_without_an_offset_are_the_venue_s_own()
    {
        var unit = Read("DT_SCHEDULE", Schedule).Content.ShouldBeOfType<OdfSchedule>().Units[1];
        unit.Start!.Value.UtcDateTime.ShouldBe(new DateTime(2030, 1, 15, 9, 0, 0, DateTimeKind.Utc));
        unit.StartHidden.ShouldBeTrue();
        unit.End.ShouldBeNull();
        unit.Medal.ShouldBeFalse();
        unit.Venue.ShouldBe("TBD");
        unit.Names.ShouldBe(new Dictionary<string, string> { ["en"] = "Heat 1" });
        Read("DT_SCHEDULE", Schedule, "Language=\"FRE\"").Content.ShouldBeOfType<OdfSchedule>().Units[1].Names.Keys.ShouldBe(["fr"]);
    }

    [Fact]
    public void A_unit_may_have_only_a_day_and_may_be_deleted()
    {
        var unit = Read("DT_SCHEDULE", Schedule).Content.ShouldBeOfType<OdfSchedule>().Units[2];
        unit.Start.ShouldBeNull();
        unit.Day.ShouldBe(new DateOnly(2030, 7, 30));
        unit.Deleted.ShouldBeTrue();
        unit.Names.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2030-08-01T20:30:00Z", "2030-08-01T20:30:00Z")]
    [InlineData("2030-08-01T20:30:00.500+02:00", "2030-08-01T18:30:00.5Z")]
    [InlineData("2030-08-01T20:30+0200", "2030-08-01T18:30:00Z")]
    [InlineData("2030-08-01 20:30:00-03", "2030-08-01T23:30:00Z")]
    [InlineData("20300801T203000", "2030-08-01T18:30:00Z")]
    [InlineData("2030-08-01T24:00:00+02:00", "2030-08-01T22:00:00Z")]
    [InlineData("2030-08-01T20:30:00+25:00", null)]
    [InlineData("0001-01-01T00:00:00+02:00", null)]
    [InlineData("0001-01-01T00:00:00", null)]
    [InlineData("9999-12-31T23:59:59", null)]
    [InlineData("soon", null)]
    public void Moments_are_read_however_they_are_written(string written, string? expected)
    {
        var unit = Read("DT_SCHEDULE", $"<Competition><Unit Code=\"U\" StartDate=\"{written}\"/></Competition>").Content.ShouldBeOfType<OdfSchedule>().Units[0];
        unit.Start?.UtcDateTime.ShouldBe(DateTimeOffset.Parse(expected ?? "2000-01-01Z", System.Globalization.CultureInfo.InvariantCulture).UtcDateTime);
        (unit.Start is null).ShouldBe(expected is null);
    }

    [Fact]
    public void A_time_that_the_clocks_skip_is_read_all_the_same() =>
        Read("DT_SCHEDULE", "<Competition><Unit Code=\"U\" StartDate=\"2030-03-31T02:30:00\"/></Competition>").Content.ShouldBeOfType<OdfSchedule>().Units[0].Start.ShouldNotBeNull();

    [Fact]
    public void Units_without_a_code_are_left_out_and_told()
    {
        var message = Read("DT_SCHEDULE", "<Competition><Unit StartDate=\"2030-08-01T20:30:00Z\"/></Competition>");
        message.Content.ShouldBeOfType<OdfSchedule>().Units.ShouldBeEmpty();
        message.Defects.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("DT_PARTIC")]
    [InlineData("DT_PARTIC_UPDATE")]
    [InlineData("DT_PARTIC_TEAMS")]
    [InlineData("DT_PARTIC_TEAMS_UPDATE")]
    public void People_and_teams_are_read(string type)
    {
        var message = Read(type, People);
        message.Defects.ShouldBeEmpty();
        message.Content.ShouldBeOfType<OdfParticipants>().People.ShouldBe(
        [
            new OdfParticipant("101", "ALPHA Ana", "AAA"),
            new OdfParticipant("102", "Bravo", ""),
            new OdfParticipant("SWMX4X100MD---AAA01", "Alphaland", "AAA"),
        ]);
    }

    [Fact]
    public void Who_has_no_code_or_no_name_is_left_out_and_told()
    {
        var message = Read("DT_PARTIC", "<Competition><Participant FamilyName=\"X\"/><Participant Code=\"1\"/></Competition>");
        message.Content.ShouldBeOfType<OdfParticipants>().People.ShouldBeEmpty();
        message.Defects.Count.ShouldBe(2);
    }

    [Fact]
    public void Two_silver_medals_are_two()
    {
        var medals = Read("DT_MEDALLISTS", Medallists).Content.ShouldBeOfType<OdfMedallists>();
        medals.SportName.ShouldBe("Swimming");
        medals.EventName.ShouldBe("Women's 100m Freestyle");
        medals.Medals.ShouldBe(
        [
            new EventMedal("gold", new Competitor { Id = "1", Name = "Ana Alpha", Organisation = "AAA" }),
            new EventMedal("silver", new Competitor { Id = "2", Name = "Bea Bravo", Organisation = "BBB" }),
            new EventMedal("silver", new Competitor { Id = "3", Name = "Bo Bravo", Organisation = "BBB" }),
        ]);
        medals.Organisations.ShouldBe(["AAA", "BBB"]);
    }

    [Fact]
    public void A_medal_of_no_colour_is_left_out_and_told()
    {
        var message = Read("DT_MEDALLISTS", "<Competition><Medal Code=\"ME_TIN\"><Competitor Code=\"1\"/></Medal></Competition>");
        message.Content.ShouldBeOfType<OdfMedallists>().Medals.ShouldBeEmpty();
        message.Defects.ShouldHaveSingleItem().ShouldContain("ME_TIN");
    }

    [Fact]
    public void The_medal_table_is_read_in_both_layouts()
    {
        var message = Read("DT_MEDALS", Medals);
        message.Defects.ShouldBeEmpty();
        message.Content.ShouldBeOfType<OdfMedalTable>().Rows.ShouldBe(
            new Dictionary<string, (int, int, int)> { ["AAA"] = (12, 8, 10), ["BBB"] = (0, 2, 0), ["CCC"] = (1, 0, 4) }, ignoreOrder: true);
    }

    [Fact]
    public void A_communication_is_plain_text()
    {
        var message = Read("DT_COMMUNICATION", Communication);
        message.Defects.ShouldBeEmpty();
        message.Content.ShouldBe(new OdfCommunication("Official Communication 2", "The race is reswum. It starts at 21:30 & not later."));
    }

    [Theory]
    [InlineData("<Communication Title=\"T\" Text=\"One\"/>", "T", "One")]
    [InlineData("<Communication><Subject Value=\"T\"/><Paragraph>One</Paragraph><Paragraph>Two</Paragraph></Communication>", "T", "One Two")]
    [InlineData("<Communication><Decision><Rule Text=\"R1\"/><Reason>False start</Reason></Decision></Communication>", null, "R1 False start")]
    [InlineData("<Communication/>", null, "")]
    public void Communications_come_in_many_layouts(string body, string? title, string text) =>
        Read("DT_COMMUNICATION", $"<Competition>{body}</Competition>").Content.ShouldBe(new OdfCommunication(title, text));

    [Theory]
    [InlineData("<Note>Withdrawn</Note>", "Withdrawn")]
    [InlineData("", null)]
    public void A_message_without_a_competition_withdraws_its_version(string body, string? note)
    {
        foreach (var type in new[] { "DT_RESULT", "DT_MEDALLISTS", "DT_SCHEDULE_UPDATE" })
        {
            var message = Read(type, body);
            message.Invalidates.ShouldBeTrue();
            message.IsRead.ShouldBeTrue();
            message.Content.ShouldBeNull();
            message.Note.ShouldBe(note);
        }
    }

    [Fact]
    public void A_message_that_holds_something_else_instead_withdraws_nothing() =>
        Should.Throw<OdfException>(() => Read("DT_MEDALS", "<MedalStandings/>")).Message.ShouldBe("OdfBody holds MedalStandings but no Competition.");

    [Theory]
    [InlineData("DT_PLAY_BY_PLAY")]
    [InlineData("DT_MEDALLISTS_DISCIPLINE")]
    [InlineData("dt_result")]
    public void Other_types_are_not_read(string type)
    {
        var message = Read(type, Heat);
        message.IsRead.ShouldBeFalse();
        message.Invalidates.ShouldBeFalse();
        message.Content.ShouldBeNull();
    }

    [Theory]
    [InlineData("ENG", "en")]
    [InlineData("GER", "de")]
    [InlineData("deu", "de")]
    [InlineData("CHI", "zh")]
    [InlineData("pt-BR", "pt-BR")]
    [InlineData("QQQ", "qqq")]
    [InlineData("?", "en")]
    [InlineData(null, "en")]
    public void Languages_become_tags(string? language, string tag) => OdfLanguages.Tag(language, "en").ShouldBe(tag);
}
