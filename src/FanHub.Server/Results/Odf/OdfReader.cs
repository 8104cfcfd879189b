using System.Xml;

namespace FanHub.Server.Results.Odf;

/// <summary>How messages are read.</summary>
/// <param name="Zone">The venue's time zone, for times without an offset.</param>
/// <param name="Locale">The language of texts that do not say theirs, as a BCP 47 tag.</param>
internal sealed record OdfReading(TimeZoneInfo Zone, string Locale);

/// <summary>Reads feed messages: strict about safety, lenient about defects. Pure and safe to call from many threads.</summary>
internal static class OdfReader
{
    /// <summary>Reads the header and stops there: what follows may not even be well-formed.</summary>
    /// <param name="xml">The message as it came, uncompressed.</param>
    /// <exception cref="OdfException">Not XML, a document type definition, another root element, attributes that are missing or mean nothing.</exception>
    public static OdfHeader ReadHeader(ReadOnlyMemory<byte> xml) => Guarded(() =>
    {
        using var reader = new OdfXml(xml);
        return OdfHeaders.Read(reader);
    });

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (XmlException broken)
        {
            throw new OdfException(broken.Message.Contains("DTD", StringComparison.Ordinal)
                ? "A document type definition (DOCTYPE) is not accepted."
                : $"This is no XML that can be read: {OdfText.Clean(broken.Message, OdfText.MaxText)}");
        }
    }
}
