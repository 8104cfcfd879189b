using System.Text.Json;
using FanHub.Contracts;
using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Odf;

namespace FanHub.Tests.Server.Results.Desk;

/// <summary>Feed messages, as the reader hands them over.</summary>
internal static class Messages
{
    public const string Unit = "SWMW100MFR------------FNL-000100--";
    public const string Event = "SWMW100MFR------------------------";
    public const string UnitChannel = "unit.swmw100mfr------------fnl-000100--";

    private static readonly DateTime Start = new(2026, 7, 31, 20, 0, 0);

    public static ResultDesk NewDesk(string prefix = "", string locale = "en") =>
        new(new DeskSettings { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"), Locale = locale, Prefix = prefix });

    public static OdfMessage Message(
        string type, long version, OdfContent? content, string code = Unit, string? status = null, int minute = 0, string source = "A", string? language = null, string? note = null, string? subtype = null) => new()
        {
            Header = new()
            {
                CompetitionCode = "GAMES",
                DocumentCode = code,
                DocumentType = type,
                DocumentSubtype = subtype,
                Language = language,
                Version = version,
                ResultStatus = status,
                FeedFlag = 'P',
                LocalTime = Start.AddMinutes(minute),
                LogicalDate = DateOnly.FromDateTime(Start),
                Source = source,
            },
            Content = content,
            IsRead = true,
            Invalidates = content is null,
            Note = note,
            Defects = [],
        };

    public static OdfMessage Result(
        long version, string status = "OFFICIAL", IReadOnlyList<ResultEntry>? entries = null, string type = "DT_RESULT", string code = Unit, int minute = 0, string source = "A", string? language = null, string? note = null, string? title = "Final", string? subtype = null) =>
        Message(type, version, new OdfTable { SportName = "Swimming", EventName = title is null ? null : "100m Freestyle", UnitName = title, Venue = "Arena", Entries = entries ?? [Entry("1", 1), Entry("2", 2, "BBB")] }, code, status, minute, source, language, note, subtype);

    public static OdfMessage Invalidation(long version, string type = "DT_RESULT", string code = Unit, string source = "A", int minute = 0) => Message(type, version, content: null, code, "OFFICIAL", minute, source);

    public static OdfMessage Medallists(long version, (string Medal, string Organisation)[] medals, string status = "OFFICIAL", string code = Event, int minute = 0, string? note = null) =>
        Message("DT_MEDALLISTS", version, new OdfMedallists { EventName = "100m Freestyle", Medals = [.. medals.Select((m, i) => new EventMedal(m.Medal, Who($"{m.Organisation}{i}", m.Organisation)))] }, code, status, minute, note: note);

    public static OdfMessage Schedule(long version, int minute, params OdfScheduleUnit[] units) => Message("DT_SCHEDULE", version, new OdfSchedule(units), "SWM", minute: minute);

    public static OdfMessage ScheduleUpdate(long version, int minute, params OdfScheduleUnit[] units) => Message("DT_SCHEDULE_UPDATE", version, new OdfSchedule(units), "SWM", minute: minute);

    public static OdfMessage People(long version, int minute, params OdfParticipant[] people) => Message("DT_PARTIC", version, new OdfParticipants(people), "SWM", minute: minute);

    public static OdfScheduleUnit Planned(string status = "SCHEDULED", string code = Unit, string name = "Final", int hour = 18, bool deleted = false) => new()
    {
        Code = code,
        Status = status,
        Start = new DateTimeOffset(2026, 7, 31, hour, 0, 0, TimeSpan.Zero),
        Names = new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = name },
        Deleted = deleted,
    };

    public static ResultEntry Entry(string id, int? rank, string organisation = "AAA", string? result = null, string? mark = null, string? name = null, string? medal = null, IReadOnlyList<TeamMember>? members = null) =>
        new() { Rank = rank, Competitor = Who(id, organisation, name, members), Result = result, Mark = mark, Medal = medal };

    public static Competitor Who(string id, string organisation, string? name = null, IReadOnlyList<TeamMember>? members = null) =>
        new() { Id = id, Name = name ?? $"Name {id}", Organisation = organisation, Members = members };

    public static EditorsResult Written(string status = "official", string? medal = null, string unit = Unit, string organisation = "EEE") => new()
    {
        Unit = unit,
        Sport = "SWM",
        Title = new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = "As the editor says" },
        Status = status,
        At = new DateTimeOffset(2026, 7, 31, 18, 0, 0, TimeSpan.Zero),
        Entries = [Entry("9", 1, organisation, medal: medal)],
    };

    /// <summary>What fans would be sent, without channels.</summary>
    public static JsonElement? Data(this ResultDesk desk, string key, string? previous = null) =>
        desk.Compose(key, previous) is { } composed ? JsonDocument.Parse(composed.Data).RootElement : null;

    public static string? Json(this ResultDesk desk, string key, string? previous = null) =>
        desk.Compose(key, previous) is { } composed ? System.Text.Encoding.UTF8.GetString(composed.Data) : null;

    public static Applied Apply(this ResultDesk desk, OdfMessage message) => desk.Apply(1, message);

    public static ResultDesk With(this ResultDesk desk, params IEnumerable<OdfMessage> messages)
    {
        foreach (var message in messages)
        {
            desk.Apply(1, message);
        }

        return desk;
    }

    /// <summary>The table, a line each: <c>1 AAA 1-0-0</c>.</summary>
    public static string[] Table(this ResultDesk desk) => desk.Data("medals:table") is not { } table ? ["none"] :
        [.. table.GetProperty("organisations").EnumerateArray().Select(static r =>
            $"{r.GetProperty("rank")} {r.GetProperty("organisation")} {r.GetProperty("gold")}-{r.GetProperty("silver")}-{r.GetProperty("bronze")}")];

    /// <summary>Every order of a few messages.</summary>
    public static IEnumerable<T[]> Orders<T>(T[] all) => all.Length == 0 ? [[]] : all.SelectMany((first, i) => Orders<T>([.. all[..i], .. all[(i + 1)..]]).Select(rest => (T[])[first, .. rest]));
}
