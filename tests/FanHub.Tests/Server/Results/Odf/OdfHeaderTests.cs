using System.Text;
using FanHub.Server.Results.Odf;

namespace FanHub.Tests.Server.Results.Odf;

public class OdfHeaderTests
{
    private static readonly Dictionary<string, string> Mandatory = new()
    {
        ["CompetitionCode"] = "XG2030",
        ["DocumentCode"] = "SWMW100MFR------------FNL-000100--",
        ["DocumentType"] = "DT_RESULT",
        ["Version"] = "12",
        ["FeedFlag"] = "P",
        ["Date"] = "2030-07-31",
        ["Time"] = "203102250",
        ["LogicalDate"] = "2030-07-30",
        ["Source"] = "POOL1",
    };

    [Fact]
    public void A_header_is_read()
    {
        var header = Read(With(("DocumentSubcode", "S1"), ("DocumentSubtype", "T1"), ("Language", "ENG"), ("ResultStatus", "OFFICIAL")));
        header.ShouldBe(new OdfHeader
        {
            CompetitionCode = "XG2030",
            DocumentCode = "SWMW100MFR------------FNL-000100--",
            DocumentType = "DT_RESULT",
            DocumentSubcode = "S1",
            DocumentSubtype = "T1",
            Language = "ENG",
            ResultStatus = "OFFICIAL",
            Version = 12,
            FeedFlag = 'P',
            LocalTime = new DateTime(2030, 7, 31, 20, 31, 2, 250),
            LogicalDate = new DateOnly(2030, 7, 30),
            Source = "POOL1",
        });
        header.DocumentKey.ShouldBe("XG2030|SWMW100MFR------------FNL-000100--|S1|DT_RESULT|T1|ENG");
    }

    [Fact]
    public void Empty_attributes_are_absent()
    {
        var header = Read(With(("DocumentSubcode", ""), ("DocumentSubtype", "  "), ("Language", ""), ("ResultStatus", "")));
        header.DocumentSubcode.ShouldBeNull();
        header.DocumentSubtype.ShouldBeNull();
        header.Language.ShouldBeNull();
        header.ResultStatus.ShouldBeNull();
    }

    [Fact]
    public void All_missing_attributes_are_named()
    {
        var refused = Refused("""<OdfBody CompetitionCode="XG2030" DocumentType="DT_RESULT" Version="" />""");
        refused.ShouldBe("Missing in the header (OdfBody): DocumentCode, Version, FeedFlag, Date, Time, LogicalDate, Source.");
    }

    [Theory]
    [InlineData("CompetitionCode")]
    [InlineData("DocumentCode")]
    [InlineData("DocumentType")]
    [InlineData("Version")]
    [InlineData("FeedFlag")]
    [InlineData("Date")]
    [InlineData("Time")]
    [InlineData("LogicalDate")]
    [InlineData("Source")]
    public void A_missing_attribute_is_refused(string name) => Refused(Body(With((name, null)))).ShouldContain(name);

    [Theory]
    [InlineData("Version", "0")]
    [InlineData("Version", "-1")]
    [InlineData("Version", "1.5")]
    [InlineData("Version", "two")]
    [InlineData("Version", "99999999999999999999")]
    [InlineData("FeedFlag", "X")]
    [InlineData("FeedFlag", "PT")]
    [InlineData("Date", "31.07.2030")]
    [InlineData("Date", "2030-13-31")]
    [InlineData("Time", "late")]
    [InlineData("Time", "256000000")]
    [InlineData("Time", "12")]
    [InlineData("Time", "24:00:01")]
    [InlineData("LogicalDate", "today")]
    public void What_means_nothing_is_refused(string name, string value)
    {
        var refused = Refused(Body(With((name, value))));
        refused.ShouldContain(name);
        refused.ShouldContain(value);
    }

    [Theory]
    [InlineData("203102250", "20:31:02.250")]
    [InlineData("2031022501", "20:31:02.250")]
    [InlineData("20310225", "20:31:02.250")]
    [InlineData("2031022", "20:31:02.200")]
    [InlineData("203102", "20:31:02.000")]
    [InlineData("2031", "20:31:00.000")]
    [InlineData("20:31:02.250", "20:31:02.250")]
    [InlineData("20:31:02:250", "20:31:02.250")]
    [InlineData("20:31:02,25", "20:31:02.250")]
    [InlineData("20:31:02", "20:31:02.000")]
    [InlineData("20:31", "20:31:00.000")]
    [InlineData("8:05:00", "08:05:00.000")]
    [InlineData("203102.25", "20:31:02.250")]
    [InlineData("235960000", "23:59:59.999")]
    public void Times_are_read_however_they_are_written(string time, string expected) =>
        Read(With(("Time", time))).LocalTime.TimeOfDay.ShouldBe(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Midnight_may_be_the_end_of_a_day() => Read(With(("Time", "240000000"))).LocalTime.ShouldBe(new DateTime(2030, 8, 1));

    [Fact]
    public void A_date_may_come_without_dashes() => Read(With(("Date", "20300731"))).LocalTime.Date.ShouldBe(new DateTime(2030, 7, 31));

    [Fact]
    public void A_code_is_kept_as_it_came_even_when_it_is_one_too_short() =>
        Read(With(("DocumentCode", "SWMW100MFR-----------FNL-000100--"))).DocumentCode.Length.ShouldBe(33);

    [Fact]
    public void A_code_that_is_far_too_long_is_refused_rather_than_cut() =>
        Refused(Body(With(("DocumentCode", new string('A', 101))))).ShouldBe("DocumentCode in the header is longer than 100 characters.");

    [Fact]
    public void A_document_type_definition_is_refused() =>
        Refused("<!DOCTYPE OdfBody [<!ENTITY a \"b\">]>" + Body(Mandatory)).ShouldBe("A document type definition (DOCTYPE) is not accepted.");

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{\"json\":true}")]
    [InlineData("<OdfBody")]
    [InlineData("<?xml version=\"1.0\"?>")]
    [InlineData("<OdfBody CompetitionCode=\"a\" CompetitionCode=\"b\"/>")]
    [InlineData("<odf:OdfBody/>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"klingon\"?><OdfBody/>")]
    public void What_is_no_XML_is_refused(string text) => Refused(text).ShouldStartWith("This is no XML that can be read: ");

    [Fact]
    public void Another_root_element_is_refused() => Refused("<html><body/></html>").ShouldBe("The root element must be OdfBody, not html.");

    [Fact]
    public void What_follows_the_header_is_not_looked_at() => Read(Mandatory, rest: "<Competition><Broken></OdfBody>").Version.ShouldBe(12);

    [Fact]
    public void Comments_and_instructions_may_come_first() =>
        OdfReader.ReadHeader(Utf8("<?xml version=\"1.0\"?>\n<!-- hello --><?style none?>\n" + Body(Mandatory))).Version.ShouldBe(12);

    [Fact]
    public void A_namespace_does_no_harm()
    {
        OdfReader.ReadHeader(Utf8(Body(Mandatory).Replace("<OdfBody", "<OdfBody xmlns=\"urn:odf\"", StringComparison.Ordinal))).Version.ShouldBe(12);
        var qualified = Body(Mandatory).Replace(" ", " o:", StringComparison.Ordinal).Replace("<OdfBody", "<o:OdfBody xmlns:o=\"urn:odf\"", StringComparison.Ordinal);
        OdfReader.ReadHeader(Utf8(qualified.Replace("</OdfBody", "</o:OdfBody", StringComparison.Ordinal))).Version.ShouldBe(12);
    }

    [Theory]
    [InlineData("utf-8", "utf-8", true)]
    [InlineData("utf-8", "UTF-8", false)]
    [InlineData("utf-16", "utf-16", true)]
    [InlineData("utf-16BE", "UTF-16", true)]
    [InlineData("utf-8", "utf-16", false)]
    [InlineData("utf-8", "utf-16", true)]
    [InlineData("iso-8859-1", "ISO-8859-1", false)]
    public void Encodings_are_understood(string encoding, string declared, bool mark)
    {
        var text = $"<?xml version=\"1.0\" encoding=\"{declared}\"?>" + Body(With(("Source", "CAFÉ")));
        var bytes = Encoding.GetEncoding(encoding);
        byte[] message = [.. mark ? bytes.GetPreamble() : [], .. bytes.GetBytes(text)];
        OdfReader.ReadHeader(message).Source.ShouldBe("CAFÉ");
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        byte[] message = [.. Utf8("<OdfBody CompetitionCode=\""), 0xC3, 0x28, .. Utf8("\"/>")];
        Should.Throw<OdfException>(() => OdfReader.ReadHeader(message));
    }

    private static Dictionary<string, string> With(params (string Name, string? Value)[] changes)
    {
        var attributes = new Dictionary<string, string>(Mandatory);
        foreach (var (name, value) in changes)
        {
            attributes.Remove(name);
            if (value is not null)
                attributes[name] = value;
        }

        return attributes;
    }

    private static string Body(Dictionary<string, string> attributes) => $"<OdfBody{string.Concat(attributes.Select(a => $" {a.Key}=\"{a.Value}\""))}/>";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static OdfHeader Read(Dictionary<string, string> attributes, string? rest = null) =>
        OdfReader.ReadHeader(Utf8(rest is null ? Body(attributes) : Body(attributes).Replace("/>", ">", StringComparison.Ordinal) + rest));

    private static string Refused(string text) => Should.Throw<OdfException>(() => OdfReader.ReadHeader(Utf8(text))).Message;
}
