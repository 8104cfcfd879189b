using System.Globalization;
using System.Text;

namespace FanHub.LoadTests.Feeds;

/// <summary>Writes the messages of a unit as a feed does, one version after the other: while it runs, a few of those who take part get more points with every version.</summary>
/// <param name="run">What its competition is called after.</param>
/// <param name="flag"><c>P</c> or <c>T</c>.</param>
/// <param name="unit">The unit.</param>
internal sealed class FeedXml(string run, char flag, FeedUnit unit)
{
    private const int MovedAtOnce = 5;
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly Random _random = new(unit.Number);
    private readonly StringBuilder _text = new(24 * 1024);
    private int[] _points = [];

    /// <summary>Lets so many take part that a message has about that many bytes.</summary>
    public void Fill(int bytes)
    {
        var (before, size) = (0, 0);
        do
        {
            unit.Enter();
            Array.Resize(ref _points, unit.Entrants.Count);
            before = size;
            size = Encoding.UTF8.GetByteCount(Result(1, FeedStatus.Live, DateTimeOffset.UnixEpoch));
        }
        while (size + ((size - before) / 2) < bytes);
    }

    /// <summary>Somebody gets points.</summary>
    public void Move()
    {
        for (var i = 0; i < MovedAtOnce; i++)
        {
            _points[_random.Next(_points.Length)] += _random.Next(900, 1500);
        }
    }

    /// <summary>The result as it is now.</summary>
    public string Result(long version, string status, DateTimeOffset at)
    {
        Begin(unit.Code, "DT_RESULT", version, status, at);
        var started = status != FeedStatus.StartList;
        var order = Enumerable.Range(0, _points.Length).OrderByDescending(i => _points[i]).ThenBy(i => i).ToArray();
        var (rank, best) = (0, order.Length == 0 ? 0 : _points[order[0]]);
        for (var place = 0; place < order.Length; place++)
        {
            var i = order[place];
            rank = place > 0 && _points[order[place - 1]] == _points[i] ? rank : place + 1;
            var equal = rank != place + 1 || (place + 1 < order.Length && _points[order[place + 1]] == _points[i]);
            _text.Append("<Result ");
            if (started)
            {
                _text.Append(Invariant, $"Rank=\"{rank}\" {(equal ? "RankEqual=\"Y\" " : "")}ResultType=\"POINTS\" Result=\"{_points[i] / 1000.0:0.000}\" Diff=\"{(_points[i] - best) / 1000.0:0.000}\" ");
            }

            _text.Append(Invariant, $"SortOrder=\"{place + 1}\" StartOrder=\"{i + 1}\" StartSortOrder=\"{i + 1}\">\n");
            if (started)
            {
                _text.Append("<ExtendedResults>\n");
                _text.Append(Invariant, $"<ExtendedResult Type=\"ER\" Code=\"JUDGES\" Value=\"{_points[i] / 3000.0:0.000}\"/>\n");
                _text.Append("</ExtendedResults>\n");
            }

            Person(unit.Entrants[i], started);
            _text.Append("</Result>\n");
        }

        return End();
    }

    /// <summary>Who won the medals: the first three, as it is now.</summary>
    public string Medallists(long version, string status, DateTimeOffset at)
    {
        Begin(unit.Event, "DT_MEDALLISTS", version, status, at);
        var best = Enumerable.Range(0, _points.Length).OrderByDescending(i => _points[i]).ThenBy(i => i).Take(FeedStatus.Medals.Count).ToArray();
        for (var place = 0; place < best.Length; place++)
        {
            _text.Append(Invariant, $"<Medal Code=\"{FeedStatus.Medals[place]}\">\n");
            Person(unit.Entrants[best[place]], started: true);
            _text.Append("</Medal>\n");
        }

        return End();
    }

    /// <summary>Takes a version of the result, or of the medallists, away.</summary>
    public string Invalidation(bool medallists, long version, string status, DateTimeOffset at)
    {
        Header(medallists ? unit.Event : unit.Code, medallists ? "DT_MEDALLISTS" : "DT_RESULT", version, status, at);
        _text.Append("/>\n");
        return _text.ToString();
    }

    private void Header(string code, string type, long version, string status, DateTimeOffset at)
    {
        _text.Clear();
        _text.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        _text.Append(Invariant, $"<OdfBody CompetitionCode=\"LOADTEST-{run}\" DocumentCode=\"{code}\" DocumentType=\"{type}\" Version=\"{version}\" ResultStatus=\"{status}\" FeedFlag=\"{flag}\" ");
        _text.Append(Invariant, $"Date=\"{at:yyyy-MM-dd}\" Time=\"{at:HHmmssfff}\" LogicalDate=\"{at:yyyy-MM-dd}\" Source=\"LT{unit.Sport}1\"");
    }

    private void Begin(string code, string type, long version, string status, DateTimeOffset at)
    {
        Header(code, type, version, status, at);
        _text.Append(Invariant, $">\n<Competition Gen=\"LT-GEN-1\" Sport=\"LT-{unit.Sport}\" Codes=\"LT\">\n<ExtendedInfos>\n");
        _text.Append(Invariant, $"<SportDescription DisciplineName=\"Load {unit.Sport}\" EventName=\"Mixed Load Test {unit.Number + 1}\" SubEventName=\"Mixed Load Test {unit.Number + 1} Final\" Gender=\"X\"/>\n");
        _text.Append("<VenueDescription Venue=\"LTA\" VenueName=\"Load Test Arena\" Location=\"LTA\" LocationName=\"Load Test Arena\"/>\n</ExtendedInfos>\n");
    }

    private void Person(FeedEntrant who, bool started)
    {
        _text.Append(Invariant, $"<Competitor Code=\"{who.Id}\" Type=\"A\" Organisation=\"{who.Organisation}\">\n<Composition>\n<Athlete Code=\"{who.Id}\" Order=\"1\">\n");
        _text.Append(Invariant, $"<Description GivenName=\"{who.GivenName}\" FamilyName=\"{who.FamilyName}\" Gender=\"F\" Organisation=\"{who.Organisation}\"/>\n");
        if (!started)
        {
            // What a start list says instead of results.
            _text.Append(Invariant, $"<EventUnitEntry Type=\"EUE\" Code=\"PERSONAL_BEST\" Value=\"{who.Id[^2..]}.100\"/>\n<EventUnitEntry Type=\"EUE\" Code=\"SEASON_BEST\" Value=\"{who.Id[^2..]}.050\"/>\n");
        }

        _text.Append("</Athlete>\n</Composition>\n</Competitor>\n");
    }

    private string End()
    {
        _text.Append("</Competition>\n</OdfBody>\n");
        return _text.ToString();
    }
}

/// <summary>Words of the feed.</summary>
internal static class FeedStatus
{
    /// <summary>Before the start.</summary>
    public const string StartList = "START_LIST";

    /// <summary>Running.</summary>
    public const string Live = "LIVE";

    /// <summary>At the end of a part.</summary>
    public const string Intermediate = "INTERMEDIATE";

    /// <summary>Not yet decided upon.</summary>
    public const string Unofficial = "UNOFFICIAL";

    /// <summary>Decided.</summary>
    public const string Official = "OFFICIAL";

    /// <summary>Medals, the best first.</summary>
    public static IReadOnlyList<string> Medals { get; } = ["ME_GOLD", "ME_SILVER", "ME_BRONZE"];
}
