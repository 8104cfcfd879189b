using System.Globalization;
using FanHub.Contracts;

namespace FanHub.Server.Results.Odf;

/// <summary>Reads places, and puts entries in order.</summary>
internal static class OdfRanks
{
    /// <summary>A place: <c>1</c>, or as some write it <c>1=</c>, <c>=1</c>, <c>T2</c>, <c>3.</c>; what is no number (<c>AC</c>) is kept as text.</summary>
    /// <param name="rank">As it came; null where absent.</param>
    public static (int? Rank, string? Text, bool Equal) Read(string? rank)
    {
        if (rank is null)
            return (null, null, false);
        var digits = rank.Replace(" ", "", StringComparison.Ordinal).Trim('=', 'T', 't', '.');
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return (null, rank.Any(char.IsLetterOrDigit) ? rank : null, false);
        return number > 0 ? (number, null, rank.AsSpan().ContainsAny('=', 'T', 't')) : (null, null, false);
    }

    /// <summary>Marks who shares a place where the message forgot to.</summary>
    public static void MarkTies(List<ResultEntry> entries, OdfDefects defects)
    {
        var shared = entries.Where(e => e.Rank is not null).GroupBy(e => e.Rank).Where(g => g.Count() > 1 && g.Any(e => e.RankEqual != true)).Select(g => g.Key).ToHashSet();
        for (var i = 0; i < entries.Count && shared.Count > 0; i++)
        {
            if (!shared.Contains(entries[i].Rank) || entries[i].RankEqual == true)
                continue;
            defects.Add(string.Create(CultureInfo.InvariantCulture, $"Rank {entries[i].Rank} is shared but lacks RankEqual."));
            entries[i] = entries[i] with { RankEqual = true };
        }
    }

    /// <summary>By the order that the message gives where it is a number from 1, then as they came. Those without one come last.</summary>
    public static List<T> InOrder<T>(IReadOnlyCollection<T> items, Func<T, int?> order) => [.. items.OrderBy(item => order(item) ?? int.MaxValue)];
}
