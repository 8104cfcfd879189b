using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>The schedule: what stands of each unit, and which units there are on a discipline's day.</summary>
internal sealed class ScheduleDays(DeskSettings settings)
{
    private readonly AddedParts<OdfScheduleUnit> _parts = new(static u => u.Code);
    private readonly Dictionary<string, Standing> _units = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Day> _days = new(StringComparer.Ordinal);

    /// <summary>The keys of all items that the schedule brings about.</summary>
    public IReadOnlyCollection<string> Keys => _days.Keys;

    /// <summary>Replaces what a document says, and notes the days that change.</summary>
    /// <param name="before">What it said; null: nothing.</param>
    /// <param name="after">What it says now; null: nothing.</param>
    /// <param name="touches">Receives the items.</param>
    /// <param name="renamed">Called with each unit whose name may be another now.</param>
    public void Replace(OdfMessage? before, OdfMessage? after, Touches touches, Action<string> renamed)
    {
        foreach (var code in _parts.Replace(before, after, static message => (message.Content as OdfSchedule)?.Units ?? []))
        {
            var was = _units.GetValueOrDefault(code);
            var stands = Stand(code);
            Move(code, was?.Key, stands);
            if (stands is null)
            {
                _units.Remove(code);
            }
            else
            {
                _units[code] = stands;
            }

            if (was is null && stands is null)
            {
                continue;
            }

            var urgent = !string.Equals(was?.Key, stands?.Key, StringComparison.Ordinal) || !string.Equals(StatusOf(was), StatusOf(stands), StringComparison.Ordinal);
            if (was?.Key is { } left)
            {
                touches.Add(left, urgent);
            }

            if (stands?.Key is { } joined)
            {
                touches.Add(joined, urgent);
            }

            renamed(code);
        }
    }

    /// <summary>A unit's name by language; null where the schedule has none.</summary>
    public IReadOnlyDictionary<string, string>? NameOf(string code) => _units.GetValueOrDefault(code) is { Names.Count: > 0 } unit ? unit.Names : null;

    /// <summary>A discipline's day, by beginning, what is not shown included; null where there is none.</summary>
    public (DateOnly Day, string Sport, IReadOnlyList<Standing> Units)? Find(string key)
    {
        if (!_days.TryGetValue(key, out var day))
        {
            return null;
        }

        var units = day.Codes.Select(code => _units[code]).ToList();
        units.Sort(static (a, b) =>
        {
            var order = (a.Unit.Start ?? DateTimeOffset.MaxValue).CompareTo(b.Unit.Start ?? DateTimeOffset.MaxValue);
            return order != 0 ? order : string.CompareOrdinal(a.Unit.Code, b.Unit.Code);
        });
        return (day.Date, day.Sport, units);
    }

    private static string? StatusOf(Standing? unit) => unit is null ? null : unit.Shown ? unit.Status : "";

    private Standing? Stand(string code)
    {
        var found = _parts.Find(code);
        if (found.Count == 0)
        {
            return null;
        }

        var leader = found[0];
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (tag, name) in found.SelectMany(f => f.Content.Names))
        {
            if (!string.IsNullOrWhiteSpace(name))
            {
                names.TryAdd(tag, name);
            }
        }

        // A unit that is put off to nobody knows when stays, as what it is, on the day that it was planned for.
        var day = DayOf(leader.Content) ?? _parts.All(code).Select(p => DayOf(p.Content)).FirstOrDefault(static d => d is not null);
        return new(leader.Content, names, settings.AtVenue(leader.Header.LocalTime), day is { } date ? DeskKeys.Schedule(date, DocumentTypes.Sport(code)) : null, day);
    }

    private DateOnly? DayOf(OdfScheduleUnit unit) => unit.Day ?? (unit.Start is { } start ? settings.DayAtVenue(start) : null);

    private void Move(string code, string? from, Standing? stands)
    {
        if (string.Equals(from, stands?.Key, StringComparison.Ordinal))
        {
            return;
        }

        if (from is not null)
        {
            // A day stays known when it is empty: its item is to be taken away.
            _days[from].Codes.Remove(code);
        }

        if (stands is { Key: { } to, Day: { } date })
        {
            (_days.TryGetValue(to, out var day) ? day : _days[to] = new Day(date, DocumentTypes.Sport(code))).Codes.Add(code);
        }
    }

    /// <summary>What stands of a unit.</summary>
    /// <param name="Unit">As the document that leads has it.</param>
    /// <param name="Names">Its names by language, from every document.</param>
    /// <param name="At">When that was written.</param>
    /// <param name="Key">The item that it is part of; null where nobody says on which day it is.</param>
    /// <param name="Day">Its day at the venue.</param>
    internal sealed record Standing(OdfScheduleUnit Unit, IReadOnlyDictionary<string, string> Names, DateTimeOffset At, string? Key, DateOnly? Day)
    {
        /// <summary>Whether fans are to see it.</summary>
        public bool Shown => !Unit.Deleted && !string.Equals(Unit.Status, "UNSCHEDULED", StringComparison.OrdinalIgnoreCase);

        /// <summary>Its status, in lower case.</summary>
        public string Status => string.IsNullOrEmpty(Unit.Status) ? "scheduled" : Unit.Status.ToLowerInvariant();
    }

    private sealed record Day(DateOnly Date, string Sport)
    {
        public HashSet<string> Codes { get; } = new(StringComparer.Ordinal);
    }
}
