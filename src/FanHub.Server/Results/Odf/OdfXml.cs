using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Xml;

namespace FanHub.Server.Results.Odf;

/// <summary>
/// Walks through a message without holding it as a tree: document types are prohibited, nothing is fetched, size and depth are bounded.
/// Elements are told by their local names, so that a feed may put them into a namespace or not.
/// </summary>
internal sealed class OdfXml : IDisposable
{
    // A message nests about ten deep; a bound this wide only stops what means harm.
    private const int MaxDepth = 64;

    // Mark-up and all; far more than is kept of any text.
    private const int MaxInnerText = 20_000;

    private static readonly XmlReaderSettings Safe = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = 100_000_000,
        // Zero would mean no bound.
        MaxCharactersFromEntities = 1,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        // A control character written as a reference is no reason to lose a result; OdfText removes it.
        CheckCharacters = false,
        CloseInput = true,
    };

    // Control characters that no XML may hold. Senders that put a message together as text let some through from what people typed, and a result is worth more than the rule.
    private static readonly SearchValues<byte> Forbidden =
        SearchValues.Create([0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]);

    private readonly XmlReader _reader;

    /// <summary>Opens a message.</summary>
    /// <param name="xml">The message as it came, with a byte order mark or without.</param>
    public OdfXml(ReadOnlyMemory<byte> xml)
    {
        if (!IsWide(xml.Span) && xml.Span.ContainsAny(Forbidden))
        {
            HadForbidden = true;
            xml = WithoutForbidden(xml.Span);
        }

        var bytes = MemoryMarshal.TryGetArray(xml, out var array) ? array : new ArraySegment<byte>(xml.ToArray());
        var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        _reader = DeclaresAnotherEncoding(xml.Span)
            ? XmlReader.Create(new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true)), Safe)
            : XmlReader.Create(stream, Safe);
    }

    /// <summary>Whether the message held bytes that XML forbids; they are left out.</summary>
    public bool HadForbidden { get; }

    /// <summary>Whether it is at the start of an element.</summary>
    public bool AtElement => _reader.NodeType == XmlNodeType.Element;

    /// <summary>The element's name without its prefix.</summary>
    public string Name => _reader.LocalName;

    /// <summary>The text it is at; null at anything else.</summary>
    public string? Text => _reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace ? _reader.Value : null;

    /// <summary>How deep it is; 0 at the root element.</summary>
    public int Depth => _reader.Depth;

    /// <summary>Whether the element cannot have any content (<c>&lt;a/&gt;</c>).</summary>
    public bool IsEmpty => _reader.IsEmptyElement;

    /// <summary>Goes one node on; false at the end.</summary>
    /// <exception cref="OdfException">The message nests too deep.</exception>
    public bool Read()
    {
        if (!_reader.Read())
            return false;
        return _reader.Depth <= MaxDepth ? true : throw new OdfException($"The message nests more than {MaxDepth} elements.");
    }

    /// <summary>
    /// Goes to the next start tag right inside the element at <paramref name="depth"/>, passing over what lies deeper; false, and past the element's content, when there is none.
    /// </summary>
    public bool NextChild(int depth)
    {
        // An element without content has no end tag to stop at.
        if (_reader.Depth == depth && (AtElement ? _reader.IsEmptyElement : _reader.NodeType == XmlNodeType.EndElement))
            return false;
        while (Read())
        {
            if (_reader.Depth == depth + 1 && AtElement)
                return true;
            if (_reader.Depth <= depth)
                return false;
        }

        return false;
    }

    /// <summary>The attribute as it came; null where absent.</summary>
    public string? Raw(string name) =>
        _reader.GetAttribute(name) ?? (_reader.NamespaceURI.Length > 0 ? _reader.GetAttribute(name, _reader.NamespaceURI) : null);

    /// <summary>A code: one line, without control characters. Null where absent, empty or nothing but white space.</summary>
    public string? Code(string name) => OdfText.Clean(Raw(name), OdfText.MaxCode);

    /// <summary>A text to be shown: one line, without control characters, cut where it is very long. Null where absent, empty or nothing but white space.</summary>
    public string? Line(string name) => OdfText.Clean(Raw(name), OdfText.MaxText);

    /// <summary>A number from 1; null where it is none.</summary>
    public int? Number(string name) =>
        int.TryParse(Raw(name), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    /// <summary>Whether the attribute says yes.</summary>
    public bool Flag(string name) => Raw(name)?.Trim().ToUpperInvariant() is "Y" or "YES" or "TRUE" or "1";

    /// <summary>All text inside the element, that of elements inside it too, as it came but for its length; null where there is none. Goes to the element's end.</summary>
    public string? InnerText()
    {
        if (IsEmpty)
            return null;
        var depth = Depth;
        var text = new StringBuilder();
        while (Read() && Depth > depth)
        {
            if (text.Length > MaxInnerText)
                continue;
            if (Text is { } here)
                text.Append(here.AsSpan(0, Math.Min(here.Length, MaxInnerText)));
            else if (OdfHtml.Parts(Name))
                text.Append(' ');
        }

        return text.Length == 0 ? null : text.ToString();
    }

    /// <inheritdoc />
    public void Dispose() => _reader.Dispose();

    // Two or four bytes a character: there a zero byte is a part of one.
    private static bool IsWide(ReadOnlySpan<byte> xml) => xml.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || xml.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || xml[..Math.Min(4, xml.Length)].Contains((byte)0);

    private static byte[] WithoutForbidden(ReadOnlySpan<byte> xml)
    {
        var clean = new List<byte>(xml.Length);
        while (!xml.IsEmpty)
        {
            var length = xml.IndexOfAny(Forbidden);
            clean.AddRange(length < 0 ? xml : xml[..length]);
            xml = length < 0 ? [] : xml[(length + 1)..];
        }

        return [.. clean];
    }

    // Some senders put a message together in memory, where it is declared as UTF-16, and send it as UTF-8: the bytes are right and the declaration is not.
    private static bool DeclaresAnotherEncoding(ReadOnlySpan<byte> xml)
    {
        if (xml.StartsWith("\uFEFF"u8))
            xml = xml[3..];
        if (!xml.StartsWith("<?xml"u8))
            return false;
        var end = xml.IndexOf("?>"u8);
        return end is > 0 and < 200 && Encoding.Latin1.GetString(xml[..end]).Contains("utf-16", StringComparison.OrdinalIgnoreCase);
    }
}
