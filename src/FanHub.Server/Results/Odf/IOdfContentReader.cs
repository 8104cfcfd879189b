namespace FanHub.Server.Results.Odf;

/// <summary>Reads what is in a message's <c>Competition</c> element, for one message.</summary>
internal interface IOdfContentReader
{
    /// <summary>Reads one element right inside <c>Competition</c>.</summary>
    /// <param name="xml">At the element's start; at its end, or still at its start, afterwards.</param>
    /// <returns>False where it is none that belongs here.</returns>
    bool ReadChild(OdfXml xml);

    /// <summary>What was read. Called once, at the end.</summary>
    OdfContent ToContent();
}
