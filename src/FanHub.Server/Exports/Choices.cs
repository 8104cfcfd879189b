using System.Globalization;

namespace FanHub.Server.Exports;

/// <summary>What a ballot names.</summary>
internal static class Choices
{
    /// <summary>Ids of the options chosen, in the options' order. An option that there is not, which a broken box might hold, gets an id that no option can have.</summary>
    public static IEnumerable<string> Names(ExportedRound round, ulong choices)
    {
        var ids = round.Round.OptionIds;
        for (var i = 0; i < 64; i++)
        {
            if ((choices >> i & 1) == 1)
            {
                yield return i < ids.Count ? ids[i] : string.Create(CultureInfo.InvariantCulture, $"#{i}");
            }
        }
    }
}
