using FanHub.Server.Results.Feed;
using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>
/// Holds what is known of every document, and derives from it everything that fans see. In memory, for one thread, without clocks: the same documents give
/// the same items, in whichever order they came.
/// </summary>
internal sealed class ResultDesk
{
    private readonly DocumentShelf<OdfMessage> _feed = new();
    private readonly DocumentShelf<DocumentGroup.Written> _editors = new();
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _competitions = new(StringComparer.Ordinal);
    private readonly People _people;
    private readonly ScheduleDays _schedule;
    private readonly UnitTables _tables;
    private readonly MedalEvents _medals;
    private readonly ChannelTitles _titles;
    private readonly ComposeResult _composeResult;
    private readonly ComposeMedals _composeMedals;
    private readonly ComposeMedalTable _composeTable;
    private readonly ComposeSchedule _composeSchedule;

    public ResultDesk(DeskSettings settings)
    {
        var channels = new DeskChannels(settings.Prefix);
        _people = new(settings);
        _schedule = new(settings);
        _tables = new(settings, channels, _people);
        _medals = new(settings, _people);
        _titles = new(settings, channels, _tables, _schedule);
        _composeResult = new(settings, channels, _tables, _schedule, _people);
        _composeMedals = new(settings, channels, _people);
        _composeTable = new(settings, channels, _tables, _medals, _people);
        _composeSchedule = new(settings, channels, _schedule);
    }

    /// <summary>The keys of all items that anything is known about. Whatever else was published is to be taken away.</summary>
    public IReadOnlyCollection<string> Keys =>
        [.. _tables.Keys, .. _medals.Keys, .. _schedule.Keys, .. _medals.Known || _editors.Keys.Count > 0 ? [DeskKeys.MedalTable] : Array.Empty<string>()];

    /// <summary>In what the source's own medal table differs from ours, for people; empty where it does not, or none came.</summary>
    public IReadOnlyList<string> MedalDifferences => _composeTable.Differences();

    /// <summary>Takes in a feed message.</summary>
    /// <param name="message">Its number.</param>
    /// <param name="odf">What it says.</param>
    public Applied Apply(long message, OdfMessage odf)
    {
        var header = odf.Header;
        if (!odf.IsRead || (odf.Content is null && !odf.Invalidates))
        {
            return new(FeedOutcome.Ignored, $"{header.DocumentType} is not read.", Flagged: false, Document: null, Touched: [], Urgent: false);
        }

        var key = DocumentTypes.DocumentKey(header);
        var placed = _feed.Place(key, header.Version, header.Source, message, odf.Invalidates ? null : odf);
        var (flagged, reason) = (placed.Flagged, placed.Reason);
        if (!flagged && DocumentTypes.AddsUp(header.DocumentType) && OtherSource(header) is { } other)
        {
            (flagged, reason) = (true, $"Two sources send this document: {other} and {header.Source}.");
        }

        if (!flagged && OtherCompetition(header) is { } competition)
        {
            (flagged, reason) = (true, $"Two competitions have this code: {competition} and {header.CompetitionCode}. They are shown as one.");
        }

        if (placed.Document is null)
        {
            return new(placed.Outcome, reason, flagged, Document: null, Touched: [], Urgent: false);
        }

        var touches = new Touches();
        if (Route(header, key, placed.Before, placed.After, touches) is { Editors: not null })
        {
            (flagged, reason) = (true, reason ?? "Editors wrote a result of this unit: theirs is shown.");
        }

        return new(placed.Outcome, reason, flagged, placed.Document, touches.Keys, touches.Urgent);
    }

    /// <summary>Takes in an editor's result.</summary>
    /// <param name="message">Its number.</param>
    /// <param name="result">What it says.</param>
    /// <param name="version">Its version: one more than <see cref="EditorsVersion"/>.</param>
    public Applied Apply(long message, EditorsResult result, long version) => Apply(message, result.Unit, new DocumentGroup.Written(result, version), version);

    /// <summary>Takes an editor's result away, as an invalidation does.</summary>
    /// <param name="message">The message's number.</param>
    /// <param name="unit">The unit's code.</param>
    /// <param name="version">The version that is not to be shown, or one more.</param>
    public Applied Withdraw(long message, string unit, long version) => Apply(message, unit, written: null, version);

    /// <summary>Puts back what was held of a document when the program ended. Documents may come in any order.</summary>
    /// <param name="held">What was saved.</param>
    /// <param name="content">The message that holds it; null where there is none.</param>
    public void Restore(HeldDocument held, OdfMessage? content)
    {
        if (content is null && held.Key.StartsWith(EditorsResult.KeyStart, StringComparison.Ordinal))
        {
            _editors.Restore(held, content: null);
            return;
        }

        var shown = _feed.Restore(held, content);
        _medals.Known |= DocumentTypes.IsOf(held.Key, DocumentTypes.Medallists);
        if (content is not null)
        {
            OtherCompetition(content.Header);
            OtherSource(content.Header);
        }

        if ((content?.Header ?? DocumentTypes.Withdrawn(held)) is { } header)
        {
            Route(header, held.Key, before: null, shown, new Touches());
        }
    }

    /// <summary>Puts back what was held of an editors' result.</summary>
    public void Restore(HeldDocument held, EditorsResult? content)
    {
        if (content is null)
        {
            Restore(held, (OdfMessage?)null);
        }
        else
        {
            _tables.Replace(content.Unit, _editors.Restore(held, new(content, held.Version)), new Touches());
        }
    }

    /// <summary>The version of the unit's editors' result, also where that was taken away since; null where there never was one.</summary>
    public long? EditorsVersion(string unit) => _editors.Find(EditorsResult.DocumentKey(unit))?.Version;

    /// <summary>Whether an editors' result of the unit is shown.</summary>
    public bool HasEditorsResult(string unit) => _editors.Shown(EditorsResult.DocumentKey(unit)) is not null;

    /// <summary>What fans are to see of an item now; null where it is not to be shown.</summary>
    /// <param name="key">The item's key.</param>
    /// <param name="previousData">The data that was published last; null where none was, or where it was taken away.</param>
    public Composed? Compose(string key, string? previousData)
    {
        if (string.Equals(key, DeskKeys.MedalTable, StringComparison.Ordinal))
        {
            return _composeTable.Table(previousData);
        }

        if (_tables.Find(key) is { } table)
        {
            return table.Type == DocumentTypes.Current ? _composeResult.Telemetry(table) : _composeResult.Result(table, previousData);
        }

        return _medals.Find(key) is { } medals ? _composeMedals.Event(medals, previousData) : _composeSchedule.Day(key);
    }

    /// <summary>What a channel that does not exist yet is called, with the default locale among the languages.</summary>
    public IReadOnlyDictionary<string, string> ChannelTitle(string channel) => _titles.Of(channel);

    private Applied Apply(long message, string unit, DocumentGroup.Written? written, long version)
    {
        var placed = _editors.Place(EditorsResult.DocumentKey(unit), version, FeedNames.Editors, message, written);
        if (placed.Document is null)
        {
            return new(placed.Outcome, placed.Reason, placed.Flagged, Document: null, Touched: [], Urgent: false);
        }

        var touches = new Touches();
        var group = _tables.Replace(unit, placed.After, touches);
        var contested = placed.After is not null && group.Leader is not null;
        return new(placed.Outcome, contested ? "A feed sends a result of this unit, too: the editors' is shown." : null, contested, placed.Document, touches.Keys, touches.Urgent);
    }

    /// <summary>Brings what is shown of a document to where it is shown.</summary>
    /// <returns>The table that the document is part of; null where it is of another type.</returns>
    private DocumentGroup? Route(OdfHeader header, string key, OdfMessage? before, OdfMessage? after, Touches touches)
    {
        if (after is not null)
        {
            _titles.Note(after);
        }

        switch (DocumentTypes.Whole(header.DocumentType))
        {
            case DocumentTypes.Result or DocumentTypes.Current or DocumentTypes.CumulativeResult or DocumentTypes.PhaseResult:
                return _tables.Replace(header, before, after, touches);

            case DocumentTypes.Schedule:
                _schedule.Replace(before, after, touches, code => _tables.Renamed(code, touches));
                break;

            case DocumentTypes.Participants or DocumentTypes.Teams:
                _people.Replace(before, after, item => Renamed(item, touches));
                break;

            case DocumentTypes.Medallists:
                _medals.Replace(header, before, after, touches);
                break;

            case DocumentTypes.Medals:
                _medals.ReplaceTable(key, after);
                break;

            default:
                // Official communications are held until something shows them.
                break;
        }

        return null;
    }

    /// <summary>Somebody in the item has another name, or another organisation: with that, medals may count for another.</summary>
    private void Renamed(string item, Touches touches)
    {
        touches.Add(item);
        if (_medals.Find(item) is not null || _tables.Find(item)?.Editors is not null)
        {
            touches.Add(DeskKeys.MedalTable);
        }
    }

    /// <summary>Which other competition has documents of this type and code: an item is named by the code alone.</summary>
    private string? OtherCompetition(OdfHeader header)
    {
        var name = $"{header.DocumentType}|{header.DocumentCode}";
        var first = _competitions.TryGetValue(name, out var known) ? known : _competitions[name] = header.CompetitionCode;
        return string.Equals(first, header.CompetitionCode, StringComparison.Ordinal) ? null : first;
    }

    /// <summary>Who else sends documents whose versions add up: each is one of its own, so positions do not show it.</summary>
    private string? OtherSource(OdfHeader header)
    {
        if (!DocumentTypes.AddsUp(header.DocumentType))
        {
            return null;
        }

        var first = _sources.TryGetValue(header.DocumentKey, out var known) ? known : _sources[header.DocumentKey] = header.Source;
        return string.Equals(first, header.Source, StringComparison.Ordinal) ? null : first;
    }
}
