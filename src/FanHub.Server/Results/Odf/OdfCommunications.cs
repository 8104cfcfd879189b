using System.Text;

namespace FanHub.Server.Results.Odf;

/// <summary>Reads official communications. Their layouts differ between competitions: what is called a title is the title, and all other text is the text.</summary>
internal sealed class OdfCommunicationReader(OdfDefects defects) : IOdfContentReader
{
    private const int MaxText = 20_000;

    private readonly StringBuilder _text = new();
    private string? _title;

    /// <inheritdoc />
    public bool ReadChild(OdfXml xml)
    {
        if (xml.Name is "ExtendedInfos" or "Discipline")
            return true;
        Read(xml);
        return true;
    }

    /// <inheritdoc />
    public OdfContent ToContent()
    {
        var text = OdfHtml.ToText(_text.ToString(), OdfText.MaxNote);
        if (text is null)
            defects.Add("The communication has no text.");
        return new OdfCommunication(_title, text ?? "");
    }

    private void Read(OdfXml xml)
    {
        if (IsTitle(xml.Name) && _title is null)
        {
            _title = OdfHtml.ToText(xml.Raw("Value") ?? xml.InnerText(), OdfText.MaxText);
            return;
        }

        _title ??= OdfHtml.ToText(xml.Raw("Title") ?? xml.Raw("Subject"), OdfText.MaxText);
        if ((xml.Raw("Text") ?? xml.Raw("Content") ?? xml.Raw("Value")) is { } said)
            Append(said + " ");
        if (xml.IsEmpty)
            return;
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.Text is { } here)
                _text.Append(here.AsSpan(0, Math.Clamp(MaxText - _text.Length, 0, here.Length)));
            if (!xml.AtElement)
                continue;
            var parts = OdfHtml.Parts(xml.Name);
            Append(parts ? " " : null);
            Read(xml);
            Append(parts ? " " : null);
        }
    }

    private void Append(string? text)
    {
        if (text is not null && _text.Length < MaxText)
            _text.Append(text.AsSpan(0, Math.Min(text.Length, MaxText)));
    }

    private static bool IsTitle(string name) => name is "Title" or "Subject" or "Headline";
}
