using System.Text;
using System.Xml;

namespace FanHub.Server.Results.Odf;

/// <summary>How messages are read.</summary>
/// <param name="Zone">The venue's time zone, for times without an offset.</param>
/// <param name="Locale">The language of texts that do not say theirs, as a BCP 47 tag.</param>
internal sealed record OdfReading(TimeZoneInfo Zone, string Locale);

/// <summary>Reads feed messages: strict about safety, lenient about defects. Pure and safe to call from many threads.</summary>
internal static class OdfReader
{
    // Elements that are as they should be and say nothing that is shown.
    private static readonly HashSet<string> Passed =
    [
        "Actions", "Clock", "Coaches", "Configs", "Discipline", "Event", "ExtendedInfos", "ExtendedResults", "ImageData", "Intermediates", "Officials", "Periods", "Phase", "PreviousResults", "Progress",
        "Session", "SportDescription", "Stats", "StatsItems", "SubUnits", "UnitDateTime", "VenueDescription", "Weather",
    ];

    /// <summary>Reads the header and stops there: what follows may not even be well-formed.</summary>
    /// <param name="xml">The message as it came, uncompressed.</param>
    /// <exception cref="OdfException">Not XML, a document type definition, another root element, attributes that are missing or mean nothing.</exception>
    public static OdfHeader ReadHeader(ReadOnlyMemory<byte> xml) => Guarded(() =>
    {
        using var reader = new OdfXml(xml);
        return OdfHeaders.Read(reader);
    });

    /// <summary>Reads a message whole.</summary>
    /// <param name="xml">The message as it came, uncompressed.</param>
    /// <param name="settings">How it is read.</param>
    /// <exception cref="OdfException">The header is refused (see <see cref="ReadHeader"/>), or what follows cannot be understood at all.</exception>
    public static OdfMessage Read(ReadOnlyMemory<byte> xml, OdfReading settings) => Guarded(() =>
    {
        using var reader = new OdfXml(xml);
        var header = OdfHeaders.Read(reader);
        var defects = new OdfDefects();
        if (reader.HadForbidden)
            defects.Add("Control characters that XML forbids are left out.");
        var content = ReaderOf(header, settings, defects);
        return content is null
            ? new OdfMessage { Header = header, IsRead = false, Invalidates = false, Defects = [] }
            : ReadBody(reader, header, settings, content, defects);
    });

    private static IOdfContentReader? ReaderOf(OdfHeader header, OdfReading settings, OdfDefects defects) => header.DocumentType switch
    {
        "DT_RESULT" or "DT_CURRENT" or "DT_CUMULATIVE_RESULT" or "DT_PHASE_RESULT" => new OdfTables(defects),
        "DT_SCHEDULE" or "DT_SCHEDULE_UPDATE" => new OdfScheduleReader(settings, OdfLanguages.Tag(header.Language, settings.Locale), defects),
        "DT_PARTIC" or "DT_PARTIC_UPDATE" or "DT_PARTIC_TEAMS" or "DT_PARTIC_TEAMS_UPDATE" => new OdfParticipantReader(defects),
        "DT_MEDALLISTS" => new OdfMedallistReader(defects),
        "DT_MEDALS" => new OdfMedalTableReader(defects),
        "DT_COMMUNICATION" => new OdfCommunicationReader(defects),
        _ => null,
    };

    private static OdfMessage ReadBody(OdfXml xml, OdfHeader header, OdfReading settings, IOdfContentReader content, OdfDefects defects)
    {
        var competition = false;
        string? other = null;
        List<(string Language, string Text)> notes = [];
        var locale = OdfLanguages.Tag(header.Language, settings.Locale);
        while (xml.NextChild(0))
        {
            switch (xml.Name)
            {
                case "Competition" when !competition:
                    competition = true;
                    while (xml.NextChild(1))
                    {
                        if (xml.Name == "Note")
                            AddNote(xml, locale, notes);
                        else if (!content.ReadChild(xml) && !Passed.Contains(xml.Name))
                            defects.Add($"Unknown element {OdfText.Clean(xml.Name, OdfText.MaxCode)} in Competition.");
                    }

                    break;
                case "Note":
                    AddNote(xml, locale, notes);
                    break;
                default:
                    other = OdfText.Clean(xml.Name, OdfText.MaxCode);
                    defects.Add($"Unknown element {other} in OdfBody.");
                    break;
            }
        }

        // What follows the root element must be well-formed too.
        while (xml.Read())
        {
            // Nothing but white space can come.
        }

        // Without Competition a message withdraws a version. One that holds something else instead is broken, and nothing is withdrawn because of it.
        if (!competition && other is not null)
            throw new OdfException($"OdfBody holds {other} but no Competition.");
        var language = notes.Exists(n => n.Language == locale) ? locale : notes.FirstOrDefault().Language;
        return new OdfMessage
        {
            Header = header,
            IsRead = true,
            Invalidates = !competition,
            Content = competition ? content.ToContent() : null,
            Note = OdfText.Clean(string.Join(' ', notes.Where(n => n.Language == language).Select(n => n.Text)), OdfText.MaxNote),
            Defects = defects.ToList(),
        };
    }

    private static void AddNote(OdfXml xml, string locale, List<(string Language, string Text)> notes)
    {
        var language = OdfLanguages.Tag(xml.Code("Language"), locale);
        if (notes.Count < 100 && OdfHtml.ToText(xml.Raw("Value") ?? xml.InnerText(), OdfText.MaxNote) is { } text)
            notes.Add((language, text));
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException)
        {
            throw new OdfException("This is no XML that can be read: it is declared as UTF-16, and is neither that nor UTF-8.");
        }
        catch (XmlException broken)
        {
            throw new OdfException(broken.Message.Contains("DTD", StringComparison.Ordinal)
                ? "A document type definition (DOCTYPE) is not accepted."
                : $"This is no XML that can be read: {OdfText.Clean(broken.Message, OdfText.MaxText)}");
        }
    }
}
