using System.Text.Json.Nodes;
using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Feed;
using FanHub.Server.Results.Odf;

namespace FanHub.Tests.Server.Results.Model;

/// <summary>Gives a feed to a desk as the worker does, and keeps what it would have published.</summary>
internal sealed class DeskRun
{
    private static readonly OdfReading Reading = new(World.Zone, World.Locale);

    private readonly Dictionary<string, Composed> _board = [];
    private readonly Dictionary<string, HeldDocument> _held = [];
    private readonly List<OdfMessage> _messages = [];
    private readonly Dictionary<string, long> _versions = [];
    private readonly List<string> _wrong = [];
    private ResultDesk _desk = NewDesk();

    /// <summary>What differs from the model, and what should never have been seen on the way.</summary>
    /// <param name="feed">What arrives.</param>
    /// <param name="restartAt">Before which message the desk is lost and made again from what was saved, if before any.</param>
    public static List<string> Check(IReadOnlyList<Letter> feed, int? restartAt = null)
    {
        var run = new DeskRun();
        for (var i = 0; i < feed.Count; i++)
        {
            if (i == restartAt)
                run.Restart();
            run.Take(feed[i]);
        }

        var model = FeedModel.Items(feed);
        run._wrong.AddRange(Canonical.Differences(model, run.Board(run._board)).Select(d => "What was touched: " + d));
        run._wrong.AddRange(Canonical.Differences(model, run.Board(run.ComposeAll())).Select(d => "All of it: " + d));
        run.Restart();
        run._wrong.AddRange(Canonical.Differences(model, run.Board(run.ComposeAll())).Select(d => "After a restart: " + d));
        return run._wrong;
    }

    private static ResultDesk NewDesk() => new(new DeskSettings { Zone = World.Zone, Locale = World.Locale, Prefix = "" });

    private void Take(Letter letter)
    {
        if (letter.Flag != 'P')
            return;
        OdfMessage message;
        try
        {
            message = OdfReader.Read(FeedXml.Write(letter), Reading);
        }
        catch (OdfException)
        {
            if (letter.Fault == Fault.None)
                _wrong.Add($"It cannot be read: {letter}");
            return;
        }

        _messages.Add(message);
        var applied = _desk.Apply(_messages.Count, message);
        if (applied.Document is { } document)
            _held[document.Key] = document;
        foreach (var key in applied.Touched)
        {
            if (_desk.Compose(key, Previous(key)) is { } composed)
                Show(composed, letter);
            else
                _board.Remove(key);
        }
    }

    private void Show(Composed composed, Letter letter)
    {
        _board[composed.Key] = composed;
        if (JsonNode.Parse(composed.Data)!["version"] is not { } version)
            return;
        if ((long)version < _versions.GetValueOrDefault(composed.Key))
            _wrong.Add($"{composed.Key} went back from {_versions[composed.Key]} to {version} at {letter}");
        _versions[composed.Key] = (long)version;
    }

    private string? Previous(string key) => _board.TryGetValue(key, out var shown) ? System.Text.Encoding.UTF8.GetString(shown.Data) : null;

    private void Restart()
    {
        _desk = NewDesk();
        foreach (var document in _held.Values.OrderBy(d => string.GetHashCode(d.Key, StringComparison.Ordinal)))
            _desk.Restore(document, document.Message is { } message ? _messages[(int)message - 1] : null);
    }

    private Dictionary<string, Composed> ComposeAll() =>
        _desk.Keys.Select(key => _desk.Compose(key, Previous(key))).OfType<Composed>().ToDictionary(c => c.Key);

    private Dictionary<string, Shown> Board(Dictionary<string, Composed> items) =>
        items.ToDictionary(i => i.Key, i => new Shown(JsonNode.Parse(i.Value.Data)!.AsObject(), [.. i.Value.Channels]));
}
