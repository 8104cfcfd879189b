using System.Runtime.CompilerServices;
using FanHub.Server.Fans;
using FanHub.Server.Leaderboards;

namespace FanHub.Server.Exports;

/// <summary>The places of a leaderboard, best first. Boards tell those who are level in the order of fans' numbers; here they come in the order of salted ids, <see cref="Held"/> at a time.</summary>
internal sealed class PlacesInOrder(ILeaderboard boards, IFanProfiles profiles, SaltedFans fans)
{
    private const int Held = BallotsInOrder.Held;

    /// <summary>All of them.</summary>
    /// <param name="board">The board.</param>
    /// <param name="names">Whether to say what fans are called.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LeaderboardUnavailableException">Broken off.</exception>
    /// <exception cref="FanProfilesUnavailableException">Broken off.</exception>
    public async IAsyncEnumerable<ExportedPlace> ReadAsync(string board, bool names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = new List<(UInt128 Id, RankedFan Fan)>(IFanProfiles.MaxNames);
        await foreach (var place in InOrderAsync(board, cancellationToken))
        {
            page.Add(place);
            if (page.Count == IFanProfiles.MaxNames)
            {
                foreach (var named in await NameAsync(page, names, cancellationToken))
                {
                    yield return named;
                }

                page.Clear();
            }
        }

        foreach (var named in await NameAsync(page, names, cancellationToken))
        {
            yield return named;
        }
    }

    private async IAsyncEnumerable<(UInt128 Id, RankedFan Fan)> InOrderAsync(string board, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var level = new List<(UInt128 Id, RankedFan Fan)>();
        await foreach (var fan in boards.ReadAllAsync(board, cancellationToken))
        {
            if (level.Count == Held || (level.Count > 0 && level[^1].Fan.Rank != fan.Rank))
            {
                foreach (var place in Sorted(level))
                {
                    yield return place;
                }

                level.Clear();
            }

            level.Add((fans.IdOf(fan.Fan), fan));
        }

        foreach (var place in Sorted(level))
        {
            yield return place;
        }
    }

    private static List<(UInt128 Id, RankedFan Fan)> Sorted(List<(UInt128 Id, RankedFan Fan)> level)
    {
        level.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        return level;
    }

    private async Task<IEnumerable<ExportedPlace>> NameAsync(List<(UInt128 Id, RankedFan Fan)> page, bool names, CancellationToken cancellationToken)
    {
        var chosen = names && page.Count > 0 ? await profiles.FindNamesAsync([.. page.Select(p => p.Fan.Fan)], cancellationToken) : null;
        return page.Select(p => new ExportedPlace(
            p.Fan.Rank, p.Id, names ? chosen?.GetValueOrDefault(p.Fan.Fan) ?? DisplayNames.Default(p.Fan.Fan) : null, p.Fan.Points, p.Fan.TimeMs));
    }
}
