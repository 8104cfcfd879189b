using System.Diagnostics;
using System.Net;
using FanHub.Contracts;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Feeds;

/// <summary>Fans who follow between them every unit, every sport of theirs, and the medals; each unit's own channel has one follower.</summary>
internal sealed class FeedAudience
{
    /// <summary>The channel of the medal table.</summary>
    public const string MedalsChannel = "medals";

    private const string MedalTable = $"{ItemKinds.Medals}:table";
    private static readonly TimeSpan ShownLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly FeedScript _script;
    private readonly Dictionary<string, VersionBook> _books;
    private readonly Dictionary<string, ChannelWatch>[] _fans;
    private int _notices;
    private int _medals;
    private long _heard;

    /// <summary>Nobody follows yet.</summary>
    public FeedAudience(FeedScript script, IReadOnlyList<VersionBook> books, int followers)
    {
        _script = script;
        _books = script.Units.ToDictionary(u => KeyOf(u), u => books[u.Number], StringComparer.Ordinal);
        _fans = [.. Enumerable.Range(0, followers).Select(_ => new Dictionary<string, ChannelWatch>(StringComparer.Ordinal))];
        foreach (var unit in script.Units)
        {
            _fans[unit.Number % followers][ChannelOf(unit)] = new ChannelWatch(HearUnit);
        }

        foreach (var sport in Sports)
        {
            _fans[sport.Number % followers][SportChannelOf(sport)] = new ChannelWatch((_, _) => Interlocked.Increment(ref _heard));
        }

        _fans[^1][MedalsChannel] = new ChannelWatch(HearMedals);
    }

    /// <summary>Everything that was delivered, on all channels.</summary>
    public long Heard => Interlocked.Read(ref _heard);

    /// <summary>All medals in the table.</summary>
    public int Medals => Volatile.Read(ref _medals);

    /// <summary>Notices that something was missed, or had to begin anew.</summary>
    public int Notices => Volatile.Read(ref _notices);

    /// <summary>What each connection watches.</summary>
    public IEnumerable<ChannelWatch> Watches => _fans.SelectMany(f => f.Values);

    private IEnumerable<FeedUnit> Sports => _script.Units.Take(FeedUnit.Sports);

    /// <summary>Lets everybody come, once what they follow is there.</summary>
    public async Task GatherAsync(Crowd crowd, Uri node, Action arrived, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var limit = Stopwatch.StartNew();
        foreach (var channel in _fans.SelectMany(f => f.Keys))
        {
            await WaitUntilThereAsync(http, new Uri(node, $"api/v1/channels/{channel}"), limit, cancellationToken);
        }

        await crowd.GatherAsync(number => _fans[number].Keys, number => (record, arrivedAt) => Hear(number, record, arrivedAt), (number, reply) =>
        {
            _fans[number][reply.Channel].Begin(reply, Stopwatch.GetTimestamp());
            arrived();
        }, cancellationToken);
    }

    /// <summary>Waits until something holds, or nothing was heard for some time.</summary>
    public async Task WaitAsync(Func<bool> holds, TimeSpan silence, CancellationToken cancellationToken)
    {
        var (heard, quiet) = (-1L, Stopwatch.StartNew());
        while (!holds() && quiet.Elapsed < silence)
        {
            if (Heard is var now && now != heard)
            {
                heard = now;
                quiet.Restart();
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    /// <summary>How many follow a unit, on its own channel and its sport's, and do not hold what satisfies.</summary>
    public int Differing(Func<FeedUnit, ChannelWatch, string, bool> holds) =>
        _script.Units.Count(u => !holds(u, Watch(ChannelOf(u)), KeyOf(u))) + _script.Units.Count(u => !holds(u, Watch(SportChannelOf(u)), KeyOf(u)));

    /// <summary>How many medallists the follower of medals holds.</summary>
    public int MedallistsHeld(long version) => _script.Units.Count(u => Watch(MedalsChannel) is var watch && watch.Holds(MedallistsOf(u)) && watch.VersionOf(MedallistsOf(u)) == version);

    private static string KeyOf(FeedUnit unit) => $"{ItemKinds.Result}:{unit.Code}";

    private static string MedallistsOf(FeedUnit unit) => $"{ItemKinds.Medals}:{unit.Event}";

    private static string ChannelOf(FeedUnit unit) => $"unit.{unit.Code.ToLowerInvariant()}";

    private static string SportChannelOf(FeedUnit unit) => $"sport.{unit.Sport.ToLowerInvariant()}";

    private static async Task WaitUntilThereAsync(HttpClient http, Uri address, Stopwatch since, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await http.GetAsync(address, cancellationToken);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    return;
                case HttpStatusCode.TooManyRequests:
                    throw LoadTestException.Limited("the channels");
                case HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable when since.Elapsed < ShownLimit:
                    await Task.Delay(Look, cancellationToken);
                    break;
                default:
                    throw new LoadTestException($"{address} was answered {(int)response.StatusCode}, {since.Elapsed.TotalSeconds:0} s after its start list was taken in.");
            }
        }
    }

    private ChannelWatch Watch(string channel) => _fans.First(f => f.ContainsKey(channel))[channel];

    private void Hear(int number, ReadOnlySpan<byte> record, long arrivedAt)
    {
        var updates = FeedUpdate.Read(record);
        foreach (var update in updates)
        {
            if (_fans[number].TryGetValue(update.Channel, out var watch))
            {
                watch.Hear(update, arrivedAt);
            }
        }

        if (updates.Count == 0 && SignalRJson.ReadNotice(record) is not null)
        {
            Interlocked.Increment(ref _notices);
        }
    }

    private void HearUnit(FeedUpdate update, long arrivedAt)
    {
        Interlocked.Increment(ref _heard);
        if (update.Version is { } version && _books.TryGetValue(update.Key, out var book))
        {
            book.Hear(version, arrivedAt);
        }
    }

    private void HearMedals(FeedUpdate update, long arrivedAt)
    {
        Interlocked.Increment(ref _heard);
        if (string.Equals(update.Key, MedalTable, StringComparison.Ordinal))
        {
            Volatile.Write(ref _medals, update.Medals);
        }
    }
}
