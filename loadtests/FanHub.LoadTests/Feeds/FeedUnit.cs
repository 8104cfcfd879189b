using System.Globalization;

namespace FanHub.LoadTests.Feeds;

/// <summary>Someone who takes part.</summary>
/// <param name="Id">The feed's id.</param>
/// <param name="GivenName">The given name.</param>
/// <param name="FamilyName">The family name.</param>
/// <param name="Organisation">The country.</param>
internal sealed record FeedEntrant(string Id, string GivenName, string FamilyName, string Organisation);

/// <summary>A unit of an invented discipline, that no other run has. Nothing of it is real, so that it gets in nobody's way.</summary>
internal sealed class FeedUnit
{
    /// <summary>How many disciplines there are, with a channel each.</summary>
    public const int Sports = 10;

    private const int CodeLength = 34;
    private const int World = 60;
    private static readonly string[] GivenNames = ["Ana", "Benoît", "Çelik", "Dagný", "Emeka", "Freya", "Guðrún", "Hiroshi", "Ílker", "João", "Karolína", "Lindiwe", "Marguerite-Rose", "Nkechi", "Oluwaseun", "Przemysław"];
    private static readonly string[] FamilyNames = ["ALPHA", "BRAVO-LINDQVIST", "CHARLIE", "DELTA", "ECHO", "FOXTROT", "GÖLF", "HOTEL", "INDIA", "JULIETT", "KILO", "LIMA DE SOUZA", "MIKE", "NOVEMBER", "OSCAR", "PAPA", "QUEBEC", "ROMEO", "SIERRA-O'TOOLE", "TANGO", "UNIFORM", "VICTOR", "WHISKEY", "X-RAY", "YANKEE", "ZULU"];

    private readonly List<FeedEntrant> _entrants = [];
    private readonly int _organisations;

    /// <summary>A unit without anybody in it.</summary>
    /// <param name="run">Up to eight letters or digits that no other run has.</param>
    /// <param name="number">From 0.</param>
    /// <param name="organisations">How many countries take part in it.</param>
    public FeedUnit(string run, int number, int organisations)
    {
        Number = number;
        _organisations = organisations;
        Sport = $"LT{(char)('A' + (number % Sports))}";
        var stem = string.Create(CultureInfo.InvariantCulture, $"{Sport}X{run}{number:00000}").PadRight(22, '-');
        Event = stem.PadRight(CodeLength, '-');
        Code = $"{stem}FNL-000100--";
    }

    /// <summary>From 0.</summary>
    public int Number { get; }

    /// <summary>The discipline.</summary>
    public string Sport { get; }

    /// <summary>The unit's code.</summary>
    public string Code { get; }

    /// <summary>The code of the event that it decides.</summary>
    public string Event { get; }

    /// <summary>Who takes part.</summary>
    public IReadOnlyList<FeedEntrant> Entrants => _entrants;

    /// <summary>One more takes part.</summary>
    public void Enter()
    {
        var n = _entrants.Count;
        var mixed = (Number * 7) + (n * 13);
        var organisation = (Number + (n % _organisations)) % World;
        _entrants.Add(new FeedEntrant(
            string.Create(CultureInfo.InvariantCulture, $"{9_000_000 + (Number * 100) + n}"),
            GivenNames[mixed % GivenNames.Length],
            FamilyNames[(mixed + n) % FamilyNames.Length],
            $"X{(char)('A' + (organisation / 26))}{(char)('A' + (organisation % 26))}"));
    }
}
