using FanHub.Realtime.Redis;

namespace FanHub.Server.Leaderboards;

/// <summary>The leaderboards that this process has a copy of: those that were asked for last.</summary>
internal sealed class RedisBoardCopies(RedisConnection redis)
{
    private const int MaxHeld = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (RedisBoardCopy Copy, long AskedFor)> _held = new(StringComparer.Ordinal);
    private long _asked;

    /// <summary>The copy of a board; made where there is none.</summary>
    public RedisBoardCopy Of(string board)
    {
        lock (_lock)
        {
            var copy = _held.TryGetValue(board, out var held) ? held.Copy : new RedisBoardCopy(redis, board);
            _held[board] = (copy, ++_asked);
            if (_held.Count > MaxHeld)
            {
                _held.Remove(_held.MinBy(h => h.Value.AskedFor).Key);
            }

            return copy;
        }
    }
}
