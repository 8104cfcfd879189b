using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;

namespace FanHub.Server.Leaderboards;

/// <summary>Leaderboards as items of a channel.</summary>
internal sealed class LeaderboardItems(ILeaderboard boards, IFanProfiles profiles, TimeProvider time)
{
    /// <summary>How many fans a leaderboard shows.</summary>
    public const int Shown = 20;

    // Above any version that a board is given in its life.
    private const long LastVersion = 1L << 52;

    /// <summary>The key of a board's item.</summary>
    public static string Key(string board) => $"{ItemKinds.Leaderboard}:{board}";

    /// <summary>The board as it now stands. Made anew it is a newer version.</summary>
    /// <exception cref="LeaderboardUnavailableException">It cannot be read now.</exception>
    /// <exception cref="FanProfilesUnavailableException">Names cannot be read now.</exception>
    public async Task<Item> MakeAsync(string board, CancellationToken cancellationToken)
    {
        // First the version, then what it says: whoever comes later has seen at least as much.
        var version = await boards.NextVersionAsync(board, cancellationToken);
        var top = await boards.TopAsync(board, Shown, cancellationToken);
        var chosen = await profiles.FindNamesAsync([.. top.Select(f => f.Fan)], cancellationToken);
        var item = new LeaderboardItem
        {
            Of = board,
            Top = [.. top.Select(f => new LeaderboardRow(f.Rank, chosen.GetValueOrDefault(f.Fan) ?? DisplayNames.Default(f.Fan), f.Points))],
            Participants = await boards.CountAsync(board, cancellationToken),
        };
        return Create(board, version, time.NowMs()) with { Data = JsonSerializer.SerializeToUtf8Bytes(item, WireJson.Options) };
    }

    /// <summary>Takes the board away for good.</summary>
    public static Item Removed(string board, DateTimeOffset at) => Create(board, LastVersion, at);

    private static Item Create(string board, long version, DateTimeOffset at) => new()
    {
        Key = Key(board),
        Kind = ItemKinds.Leaderboard,
        Class = DeliveryClass.Latest,
        Version = version,
        At = at,
    };
}
