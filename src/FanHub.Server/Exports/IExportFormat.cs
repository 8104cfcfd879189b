namespace FanHub.Server.Exports;

/// <summary>
/// Writes an export, piece by piece, in this order: the beginning; each count with its ballots; the leaderboard with its places, where there is one; the end. Without the end it
/// is not a whole export, and does not look like one.
/// </summary>
internal interface IExportFormat
{
    /// <summary>The media type.</summary>
    string ContentType { get; }

    /// <summary>How names of such files end, without the dot.</summary>
    string Extension { get; }

    /// <summary>Begins it.</summary>
    void Begin(Export export);

    /// <summary>Begins a count.</summary>
    void BeginRound(ExportedRound round);

    /// <summary>A ballot of the count.</summary>
    void Write(in ExportedBallot ballot);

    /// <summary>Ends the count.</summary>
    void EndRound();

    /// <summary>Begins the leaderboard.</summary>
    void BeginPlaces();

    /// <summary>A place on it.</summary>
    void Write(in ExportedPlace place);

    /// <summary>Ends it.</summary>
    /// <param name="ballots">How many ballots were written.</param>
    /// <param name="places">How many places were written.</param>
    void End(long ballots, long places);
}

/// <summary>The formats, by the names that requests give them.</summary>
internal static class ExportFormats
{
    /// <summary>The format asked for, JSON where none is.</summary>
    /// <exception cref="Hosting.FanHubException"><c>invalid</c>: there is no such format.</exception>
    public static Func<System.Buffers.IBufferWriter<byte>, IExportFormat> Find(string? name) => name switch
    {
        null or "json" => output => new JsonExport(output),
        "csv" => output => new CsvExport(output),
        _ => throw Hosting.FieldErrors.Single("format", "has to be csv or json"),
    };
}
