using System.Buffers;
using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.Server.Exports;

/// <summary>An export as one JSON object, with a line for each ballot and place.</summary>
internal sealed class JsonExport(IBufferWriter<byte> output) : IExportFormat
{
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions { Encoder = WireJson.Options.Encoder });
    private ExportedRound? _round;
    private bool _anyRound;
    private bool _anyLine;

    /// <inheritdoc />
    public string ContentType => "application/json; charset=utf-8";

    /// <inheritdoc />
    public string Extension => "json";

    /// <inheritdoc />
    public void Begin(Export export)
    {
        Open(export.Head);
        output.Write(",\n\"questions\":["u8);
    }

    /// <inheritdoc />
    public void BeginRound(ExportedRound round)
    {
        output.Write(_anyRound ? ",\n"u8 : "\n"u8);
        _anyRound = true;
        _round = round;
        Open(round);
        output.Write(",\n\"ballots\":["u8);
        _anyLine = false;
    }

    /// <inheritdoc />
    public void Write(in ExportedBallot ballot)
    {
        BeginLine();
        _json.WriteString("fan"u8, SaltedFans.Text(ballot.Fan));
        _json.WriteStartArray("choices"u8);
        foreach (var choice in Choices.Names(_round!, ballot.Choices))
        {
            _json.WriteStringValue(choice);
        }

        _json.WriteEndArray();
        _json.WriteNumber("elapsedMs"u8, ballot.ElapsedMs);
        _json.WriteNumber("creditMs"u8, ballot.CreditMs);
        _json.WriteString("receipt"u8, ballot.Receipt);
        if (ballot.Earned is { } earned)
        {
            _json.WriteNumber("points"u8, earned);
        }

        EndLine();
    }

    /// <inheritdoc />
    public void EndRound() => output.Write("\n]}"u8);

    /// <inheritdoc />
    public void BeginPlaces()
    {
        output.Write("\n],\n\"leaderboard\":["u8);
        _anyLine = false;
    }

    /// <inheritdoc />
    public void Write(in ExportedPlace place)
    {
        BeginLine();
        _json.WriteNumber("rank"u8, place.Rank);
        _json.WriteString("fan"u8, SaltedFans.Text(place.Fan));
        if (place.Name is not null)
        {
            _json.WriteString("name"u8, place.Name);
        }

        _json.WriteNumber("score"u8, place.Score);
        _json.WriteNumber("savedMs"u8, place.SavedMs);
        EndLine();
    }

    /// <inheritdoc />
    public void End(long ballots, long places)
    {
        output.Write("\n],\n\"end\":"u8);
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteNumber("ballots"u8, ballots);
        _json.WriteNumber("places"u8, places);
        EndLine();
        output.Write("}\n"u8);
    }

    // An object that more members are added to.
    private void Open<T>(T value) => output.Write(JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options).AsSpan()[..^1]);

    private void BeginLine()
    {
        output.Write(_anyLine ? ",\n"u8 : "\n"u8);
        _anyLine = true;
        _json.Reset(output);
        _json.WriteStartObject();
    }

    private void EndLine()
    {
        _json.WriteEndObject();
        _json.Flush();
    }
}
