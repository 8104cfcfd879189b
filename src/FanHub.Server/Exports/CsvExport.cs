using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.Server.Exports;

/// <summary>
/// An export as one table in CSV. The first column says what a line is, so that a spreadsheet can filter by it. It begins with a byte order mark: without it, spreadsheets do not read
/// it as UTF-8.
/// </summary>
internal sealed class CsvExport(IBufferWriter<byte> output) : IExportFormat
{
    private const string Columns = "line,question,name,value,fan,choices,elapsedMs,creditMs,receipt,rank,score,savedMs";

    private string _locale = string.Empty;
    private string _question = string.Empty;
    private ExportedRound? _round;

    /// <inheritdoc />
    public string ContentType => "text/csv; charset=utf-8";

    /// <inheritdoc />
    public string Extension => "csv";

    /// <inheritdoc />
    public void Begin(Export export)
    {
        _locale = export.Locale;
        Encoding.UTF8.GetBytes($"\uFEFF{Columns}\r\n", output);
        foreach (var member in JsonSerializer.SerializeToElement(export.Head with { Settlements = null }, WireJson.Options).EnumerateObject())
        {
            Line("head", member.Name, member.Value.ValueKind switch
            {
                JsonValueKind.Object => Text(export.Head.Title),
                JsonValueKind.String => member.Value.GetString(),
                _ => member.Value.GetRawText(),
            });
        }

        foreach (var settlement in export.Head.Settlements ?? [])
        {
            Line("settlement", Number(settlement.Number), settlement.Void ? "void" : "correct", choices: settlement.Correct);
        }
    }

    /// <inheritdoc />
    public void BeginRound(ExportedRound round)
    {
        _round = round;
        _question = round.Id ?? string.Empty;
        var result = round.Result;
        Line("question", round.Box, Text(round.Text));
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)
            [
                ("state", round.State),
                ("maxChoices", Number(round.MaxChoices)),
                ("points", Number(round.Points)),
                ("seconds", Number(round.Seconds)),
                ("openedAt", Moment(result.OpenedAt)),
                ("closedAt", Moment(result.ClosedAt)),
                ("certifiedAt", Moment(result.CertifiedAt)),
                ("ballots", Number(result.Ballots)),
                ("changed", Number(result.Changed)),
                ("repeated", Number(result.Repeated)),
                ("late", Number(result.Late)),
                ("refused", Number(result.Refused)),
                ("digest", result.Digest),
            ])
        {
            if (value is not null)
            {
                Line("head", name, value);
            }
        }

        foreach (var option in round.Options)
        {
            Line("option", option.Id, Number(result.Counts.GetValueOrDefault(option.Id)));
        }

        foreach (var option in round.Options)
        {
            Line("label", option.Id, Text(option.Label));
        }

        foreach (var option in round.Correct ?? [])
        {
            Line("correct", option, string.Empty);
        }
    }

    /// <inheritdoc />
    public void Write(in ExportedBallot ballot) => Cells(
        "ballot", _question, string.Empty, string.Empty, SaltedFans.Text(ballot.Fan), string.Join(' ', Choices.Names(_round!, ballot.Choices)),
        Number(ballot.ElapsedMs), Number(ballot.CreditMs), ballot.Receipt, string.Empty, Number(ballot.Earned), string.Empty);

    /// <inheritdoc />
    public void EndRound() => _question = string.Empty;

    /// <inheritdoc />
    public void BeginPlaces()
    {
        // Each line says itself what it is.
    }

    /// <inheritdoc />
    public void Write(in ExportedPlace place) => Cells(
        "place", string.Empty, place.Name, string.Empty, SaltedFans.Text(place.Fan), string.Empty,
        string.Empty, string.Empty, string.Empty, Number(place.Rank), Number(place.Score), Number(place.SavedMs));

    /// <inheritdoc />
    public void End(long ballots, long places) => Cells(
        "end", string.Empty, "ballots", Number(ballots), string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, Number(places), string.Empty, string.Empty);

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private string Text(IReadOnlyDictionary<string, string>? text) => text is null or { Count: 0 } ? string.Empty : text.GetValueOrDefault(_locale) ?? text.Values.First();

    private void Line(string line, string? name, string? value, IReadOnlyList<string>? choices = null) => Cells(
        line, _question, name, value, string.Empty, choices is null ? string.Empty : string.Join(' ', choices),
        string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, string.Empty);

    private void Cells(params ReadOnlySpan<string?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            Encoding.UTF8.GetBytes(CsvCell.Of(cells[i] ?? string.Empty), output);
        }

        output.Write("\r\n"u8);
    }
}
