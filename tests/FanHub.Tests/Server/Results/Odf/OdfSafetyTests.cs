using System.Diagnostics;
using System.Text;
using FanHub.Server.Results.Odf;
using static FanHub.Tests.Server.Results.Odf.OdfMessages;

namespace FanHub.Tests.Server.Results.Odf;

public class OdfSafetyTests
{
    private static readonly (string Type, string Body)[] All =
    [
        ("DT_RESULT", Relay + "<Note>&lt;p&gt;A &amp;amp; B&lt;/p&gt;</Note>"),
        ("DT_RESULT", Match),
        ("DT_CURRENT", Heat),
        ("DT_SCHEDULE", Schedule),
        ("DT_PARTIC", People),
        ("DT_MEDALLISTS", Medallists),
        ("DT_MEDALS", Medals),
        ("DT_COMMUNICATION", Communication),
    ];

    [Theory]
    [InlineData("<!DOCTYPE OdfBody>")]
    [InlineData("<!DOCTYPE OdfBody SYSTEM \"http://localhost:1/evil.dtd\">")]
    [InlineData("<!DOCTYPE OdfBody [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>")]
    [InlineData("<!DOCTYPE OdfBody [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>")]
    public void Document_types_and_entity_bombs_are_refused(string type)
    {
        var text = Encoding.UTF8.GetString(Message("DT_RESULT", Heat)).Replace("<OdfBody", type + "<OdfBody", StringComparison.Ordinal);
        var message = Encoding.UTF8.GetBytes(text);
        Should.Throw<OdfException>(() => OdfReader.ReadHeader(message)).Message.ShouldContain("DOCTYPE");
        Should.Throw<OdfException>(() => OdfReader.Read(message, Settings)).Message.ShouldContain("DOCTYPE");
    }

    [Theory]
    [InlineData("Result")]
    [InlineData("ExtendedInfos")]
    [InlineData("Note")]
    [InlineData("Hologram")]
    [InlineData("Communication")]
    public void What_nests_without_end_is_refused(string element)
    {
        var deep = string.Concat(Enumerable.Repeat($"<{element}>", 10_000)) + string.Concat(Enumerable.Repeat($"</{element}>", 10_000));
        foreach (var type in new[] { "DT_RESULT", "DT_COMMUNICATION", "DT_MEDALS" })
            Should.Throw<OdfException>(() => Read(type, $"<Competition>{deep}</Competition>")).Message.ShouldContain("64");
    }

    [Fact]
    public void An_entity_that_nobody_defined_is_refused() => Should.Throw<OdfException>(() => Read("DT_RESULT", "<Competition/><Note>&xxe;</Note>"));

    [Fact]
    public void A_message_that_breaks_off_is_refused_and_never_read_as_an_invalidation()
    {
        foreach (var (type, body) in All)
        {
            var message = Message(type, body);
            for (var length = 0; length < message.Length - 1; length += 7)
                Should.Throw<OdfException>(() => OdfReader.Read(message.AsMemory(0, length), Settings));
        }
    }

    [Fact]
    public void A_note_made_of_thousands_of_open_tags_takes_no_time()
    {
        var note = string.Concat(Enumerable.Repeat("&lt;script&gt;&lt;!--&lt;a ", 200_000));
        var clock = Stopwatch.StartNew();
        Read("DT_RESULT", $"<Competition/><Note>{note}</Note>");
        Read("DT_COMMUNICATION", $"<Competition><Communication><Text>{note}</Text></Communication></Competition>");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_table_of_thousands_of_entries_takes_no_time()
    {
        var lines = Enumerable.Range(0, 20_000).Select(i => Line($"{i}", "SortOrder=\"1\" Rank=\"1\"")).ToArray();
        var clock = Stopwatch.StartNew();
        Read("DT_RESULT", Lines(lines)).Content.ShouldBeOfType<OdfTable>().Entries.Count.ShouldBe(20_000);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Whatever_happens_to_a_message_it_is_read_or_refused()
    {
        var random = new Random(20300801);
        var (read, refused) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            var (type, body) = All[random.Next(All.Length)];
            var message = Mutate([.. Message(type, body)], random);
            try
            {
                var result = OdfReader.Read(message, Settings);
                CheckTexts(result);
                read++;
            }
            catch (OdfException exception)
            {
                exception.Message.ShouldNotBeNullOrWhiteSpace();
                refused++;
            }
        }

        // Both have to happen, or this proves nothing.
        read.ShouldBeGreaterThan(500);
        refused.ShouldBeGreaterThan(500);
    }

    // What comes out has to fit into JSON and a database column.
    private static void CheckTexts(OdfMessage message)
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var texts = (message.Content as OdfTable)?.Entries.SelectMany(e => new[] { e.Competitor.Id, e.Competitor.Name, e.Competitor.Organisation, e.Result, e.RankText, e.Mark }) ?? [];
        foreach (var text in texts.Append(message.Note).Append(message.Header.DocumentKey).Concat(message.Defects).OfType<string>())
        {
            strict.GetByteCount(text).ShouldBeGreaterThanOrEqualTo(0);
            text.ShouldNotContain('\0');
            text.Length.ShouldBeLessThanOrEqualTo(2000);
        }
    }

    private static byte[] Mutate(List<byte> message, Random random)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(message.Count);
            switch (random.Next(6))
            {
                case 0:
                    message[at] = (byte)random.Next(256);
                    break;
                case 1:
                    message[at] = (byte)random.Next('0', 'z');
                    break;
                case 2:
                    message.RemoveRange(at, Math.Min(random.Next(1, 40), message.Count - at));
                    break;
                case 3:
                    message.InsertRange(at, message.GetRange(at, Math.Min(random.Next(1, 200), message.Count - at)));
                    break;
                case 4:
                    message.InsertRange(at, Encoding.UTF8.GetBytes(new[] { "&#0;", "&#xD800;", "<", "\"", "&lt;b&gt;", "-9999999999999", "﻿", "<!--", "]]>", "\0", "xmlns=\"\"" }[random.Next(11)]));
                    break;
                default:
                    if (random.Next(10) == 0)
                        message.RemoveRange(at, message.Count - at);
                    break;
            }

            if (message.Count == 0)
                message.Add((byte)'<');
        }

        return [.. message];
    }
}
