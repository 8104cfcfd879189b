using System.Text.Json;
using FanHub.Contracts;
using FanHub.Server.Results.Board;
using FanHub.Server.Results.Desk;

namespace FanHub.Server.Results;

/// <summary>
/// From what the desk holds to what the board shows: what changed is composed and shown, at once where it is urgent, else no more often than it may. For one thread, in memory.
/// </summary>
internal sealed class Derivation(ResultDesk desk, Conflation conflation, ResultBoard board)
{
    private readonly List<BoardUpdate> _updates = [];
    private readonly List<ResultTurned> _turned = [];

    // Of what is shown, so that it need not be read out of its JSON every time.
    private readonly Dictionary<string, (string? Unit, string? Status)> _statuses = new(StringComparer.Ordinal);
    private readonly List<(string Key, Exception Failure)> _failed = [];

    /// <summary>Holds every document.</summary>
    public ResultDesk Desk => desk;

    /// <summary>What fans are shown.</summary>
    public ResultBoard Board => board;

    /// <summary>When the next item is due that was held back; null where none was.</summary>
    public DateTimeOffset? NextDue => conflation.Next;

    /// <summary>Notes what a message brought about, and shows what must not wait.</summary>
    public void Touch(Applied applied, DateTimeOffset now)
    {
        foreach (var key in applied.Touched)
        {
            conflation.Touch(key, now);
            if (applied.Urgent)
            {
                Show(key, now);
            }
        }
    }

    /// <summary>Shows what is due.</summary>
    public void ShowDue(DateTimeOffset now)
    {
        foreach (var key in conflation.Due(now))
        {
            Show(key, now);
        }

        conflation.Sweep(now);
    }

    /// <summary>Everything that is known, or shown.</summary>
    public IReadOnlyList<string> Keys => [.. desk.Keys.Union(Board.Items.Select(i => i.Key), StringComparer.Ordinal)];

    /// <summary>Shows an item as it is now, whether or not it is due. One that cannot be composed stays as it is shown, and holds up no other.</summary>
    public void Show(string key, DateTimeOffset now)
    {
        var before = Board.Find(key)?.Data;
        conflation.Shown(key, now);
        BoardUpdate? update;
        try
        {
            update = Board.Show(key, desk.Compose(key, before), now);
        }
        catch (Exception bug)
        {
            _failed.Add((key, bug));
            return;
        }

        if (update is null)
        {
            return;
        }

        _updates.Add(update);
        if (string.Equals(update.Kind, ItemKinds.Result, StringComparison.Ordinal))
        {
            var from = _statuses.TryGetValue(key, out var known) ? known : StatusOf(before);
            var to = _statuses[key] = StatusOf(Board.Find(key)!.Data);
            NoteTurn(from, to, update);
        }
    }

    /// <summary>The versions that were shown since the last call, in their order, and the results that turned.</summary>
    public (IReadOnlyList<BoardUpdate> Updates, IReadOnlyList<ResultTurned> Turned) Take()
    {
        var taken = ((IReadOnlyList<BoardUpdate>)[.. _updates], (IReadOnlyList<ResultTurned>)[.. _turned]);
        _updates.Clear();
        _turned.Clear();
        return taken;
    }

    /// <summary>The items that could not be composed since the last call.</summary>
    public IReadOnlyList<(string Key, Exception Failure)> TakeFailures()
    {
        IReadOnlyList<(string Key, Exception Failure)> taken = _failed.Count == 0 ? [] : [.. _failed];
        _failed.Clear();
        return taken;
    }

    private static (string? Unit, string? Status) StatusOf(string? data)
    {
        if (data is null)
        {
            return (null, null);
        }

        using var item = JsonDocument.Parse(data);
        return (item.RootElement.GetProperty("unit").GetString(), item.RootElement.GetProperty("status").GetString());
    }

    private void NoteTurn((string? Unit, string? Status) from, (string? Unit, string? Status) to, BoardUpdate update)
    {
        // Tables of whole phases say nothing about the end of a unit.
        if (!string.Equals(from.Status, to.Status, StringComparison.Ordinal) && (to.Unit ?? from.Unit) is { } unit && string.Equals(update.Key, DeskKeys.Result(unit), StringComparison.Ordinal))
        {
            _turned.Add(new ResultTurned(unit, from.Status, to.Status, update.Version, update.At));
        }
    }
}
