using FanHub.Contracts;
using FanHub.Server.Announcements;

namespace FanHub.Tests.Server.Announcements;

/// <summary>Announcements as a plain table: what each command has to answer, and what fans have to see afterwards.</summary>
internal sealed class AnnouncementModel
{
    /// <summary>The channels, and the language that each requires beside English.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Channels = new Dictionary<string, string?>(StringComparer.Ordinal) { ["c"] = null, ["d"] = "fr" };

    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);

    /// <summary>All ids, in the order in which they were made.</summary>
    public List<string> Ids { get; } = [];

    public IEnumerable<Row> Rows => _rows.Values;

    /// <summary>What fans are to see in a channel.</summary>
    public IEnumerable<Row> Shown(string channel) => Rows.Where(r => r.Channel == channel && r.State == AnnouncementState.Published);

    /// <summary>A draft was made under an id that only the database could choose.</summary>
    public void Made(string id, AnnouncementBody body)
    {
        var row = new Row { Id = id, Channel = body.Channel! };
        row.Take(body);
        _rows.Add(id, row);
        Ids.Add(id);
    }

    /// <returns>The code of the refusal; null where it has to be made.</returns>
    public static string? Create(AnnouncementBody body, DateTimeOffset now) => IsInvalid(body, body.Channel, now) ? ErrorCodes.Invalid : null;

    /// <returns>The code of the refusal; null where it has to have been done.</returns>
    public string? Edit(string id, AnnouncementBody body, long? ifMatch, DateTimeOffset now)
    {
        if (Refused(id, ifMatch) is { } code)
        {
            return code;
        }

        var row = _rows[id];
        if (IsInvalid(body, row.Channel, now))
        {
            return ErrorCodes.Invalid;
        }

        if (row.State is not (AnnouncementState.Draft or AnnouncementState.Scheduled))
        {
            return ErrorCodes.Conflict;
        }

        if (row.State == AnnouncementState.Scheduled && (body.OpensAt is null || Lacks(row.Channel, body.Title!, body.Text)))
        {
            return ErrorCodes.Invalid;
        }

        row.Take(body);
        row.Version++;
        return null;
    }

    /// <inheritdoc cref="Edit"/>
    public string? Publish(string id, long? ifMatch, DateTimeOffset now)
    {
        if (Refused(id, ifMatch) is { } code)
        {
            return code;
        }

        var row = _rows[id];
        var schedules = row.State == AnnouncementState.Draft && row.OpensAt > now;
        if (!schedules && (row.State is not (AnnouncementState.Draft or AnnouncementState.Scheduled) || row.ExpiresAt <= now))
        {
            return ErrorCodes.Conflict;
        }

        if (Lacks(row.Channel, row.Title, row.Text))
        {
            return ErrorCodes.Invalid;
        }

        row.State = schedules ? AnnouncementState.Scheduled : AnnouncementState.Published;
        row.OpensAt = schedules ? row.OpensAt : now;
        row.Version++;
        return null;
    }

    /// <inheritdoc cref="Edit"/>
    public string? Cancel(string id, long? ifMatch) => Step(id, ifMatch, AnnouncementState.Cancelled, AnnouncementState.Draft, AnnouncementState.Scheduled);

    /// <inheritdoc cref="Edit"/>
    public string? Revoke(string id, long? ifMatch) => Step(id, ifMatch, AnnouncementState.Revoked, AnnouncementState.Published);

    /// <summary>The clock has come to a moment.</summary>
    public void Pass(DateTimeOffset now)
    {
        foreach (var row in Rows)
        {
            if (row.State == AnnouncementState.Scheduled && row.OpensAt <= now)
            {
                row.State = row.ExpiresAt <= now ? AnnouncementState.Expired : AnnouncementState.Published;
                row.Version++;
            }

            if (row.State == AnnouncementState.Published && row.ExpiresAt <= now)
            {
                row.State = AnnouncementState.Expired;
                row.Version++;
            }
        }
    }

    /// <summary>What an editor has to be shown.</summary>
    public string Told(string id) => Tell(_rows[id]);

    public static string Tell(AnnouncementView view) =>
        $"{view.Id} {view.Channel} {view.State} v{view.Version} {Tell(view.Title)} {Tell(view.Text)} {view.Severity} {view.Link} {view.OpensAt:O} {view.ExpiresAt:O}";

    private static string Tell(Row row) =>
        $"{row.Id} {row.Channel} {row.State} v{row.Version} {Tell(row.Title)} {Tell(row.Text)} {row.Severity} {row.Link} {row.OpensAt:O} {row.ExpiresAt:O}";

    private static string Tell(IReadOnlyDictionary<string, string>? texts) => texts is null ? "-" : string.Join(',', texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value}"));

    private static bool IsInvalid(AnnouncementBody body, string? channel, DateTimeOffset now) =>
        channel is null || !Channels.ContainsKey(channel) || (body.Channel is not null && body.Channel != channel)
        || body.Title is null || !body.Title.ContainsKey("en") || body.Text?.ContainsKey("en") == false
        || body.Link is "//elsewhere" || body.OpensAt <= now || body.ExpiresAt <= now || body.ExpiresAt <= body.OpensAt;

    private static bool Lacks(string channel, Dictionary<string, string> title, Dictionary<string, string>? text) =>
        Channels[channel] is { } required && (!title.ContainsKey(required) || text?.ContainsKey(required) == false);

    private string? Refused(string id, long? ifMatch) =>
        !_rows.TryGetValue(id, out var row) ? ErrorCodes.NotFound : ifMatch is { } version && version != row.Version ? ErrorCodes.PreconditionFailed : null;

    private string? Step(string id, long? ifMatch, AnnouncementState to, params AnnouncementState[] from)
    {
        if (Refused(id, ifMatch) is { } code)
        {
            return code;
        }

        if (!from.Contains(_rows[id].State))
        {
            return ErrorCodes.Conflict;
        }

        _rows[id].State = to;
        _rows[id].Version++;
        return null;
    }

    internal sealed class Row
    {
        public required string Id { get; init; }

        public required string Channel { get; init; }

        public AnnouncementState State { get; set; } = AnnouncementState.Draft;

        public long Version { get; set; } = 1;

        public Dictionary<string, string> Title { get; private set; } = [];

        public Dictionary<string, string>? Text { get; private set; }

        public AnnouncementSeverity Severity { get; private set; }

        public string? Link { get; private set; }

        public DateTimeOffset? OpensAt { get; set; }

        public DateTimeOffset? ExpiresAt { get; private set; }

        public void Take(AnnouncementBody body)
        {
            Title = body.Title!;
            Text = body.Text;
            Severity = body.Severity ?? AnnouncementSeverity.Info;
            Link = body.Link;
            OpensAt = body.OpensAt;
            ExpiresAt = body.ExpiresAt;
        }
    }
}
