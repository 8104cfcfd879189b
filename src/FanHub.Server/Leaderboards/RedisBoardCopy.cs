using System.Globalization;
using FanHub.Realtime.Redis;
using StackExchange.Redis;

namespace FanHub.Server.Leaderboards;

/// <summary>A leaderboard as this process has last read it. Asked again, it reads what has changed since; those who ask at the same time share one reading.</summary>
internal sealed class RedisBoardCopy(RedisConnection redis, string board)
{
    // Of one call: 64 pages of up to 10 KB, some 0.3 ms of Redis.
    private const int MostPages = 64;
    private const int MaxAttempts = 5;

    private static readonly RedisScript ReadScript = RedisScript.Embedded("read-board.lua");

    private readonly Lock _lock = new();
    private Task<BoardSnapshot>? _reading;
    private Task<BoardSnapshot>? _next;
    private BoardSnapshot _held = BoardSnapshot.Empty;

    /// <summary>The board as it is at some moment after the call.</summary>
    public Task<BoardSnapshot> ReadAsync()
    {
        lock (_lock)
        {
            // What is being read now may be older than what the caller knows of: it is read once more, for all who have come meanwhile.
            return _reading is null ? _reading = ReadAfterAsync(Task.CompletedTask) : _next ??= ReadAfterAsync(_reading);
        }
    }

    private async Task<BoardSnapshot> ReadAfterAsync(Task before)
    {
        // Never at once, for the lock is held; and a reading that failed has told those who waited for it.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            return _held = await ReadNowAsync();
        }
        finally
        {
            lock (_lock)
            {
                (_reading, _next) = (_next, null);
            }
        }
    }

    private async Task<BoardSnapshot> ReadNowAsync()
    {
        var (known, attempt) = (_held, 1);
        while (true)
        {
            var (snapshot, checksum) = await ReadSinceAsync(known);
            if (snapshot.Checksum == checksum)
            {
                return snapshot;
            }

            // The store has lost something that this copy holds, or the board was removed: what the copy is built on does not count any more.
            if (attempt++ == MaxAttempts)
            {
                throw new LeaderboardUnavailableException($"The pages of the leaderboard '{board}' do not add up to its checksum.");
            }

            known = BoardSnapshot.Empty;
        }
    }

    private async Task<(BoardSnapshot Snapshot, uint Checksum)> ReadSinceAsync(BoardSnapshot known)
    {
        var written = new Dictionary<long, byte[]>();
        var revision = known.Revision;
        while (true)
        {
            var reply = (RedisResult[])await ReadScript.RunAsync(
                redis.Database,
                [redis.Keys.BoardHead(board), redis.Keys.BoardPages(board), redis.Keys.BoardChanges(board)],
                [revision, MostPages]);
            for (var i = 1; i < reply.Length; i += 3)
            {
                // A page that is written meanwhile comes again, with a later revision.
                written[(long)reply[i]] = (byte[])reply[i + 2];
                revision = (long)(double)reply[i + 1];
            }

            if (reply.Length < 1 + (3 * MostPages))
            {
                return (written.Count == 0 ? known : known.With(written, revision), uint.Parse((string)reply[0]!, CultureInfo.InvariantCulture));
            }
        }
    }
}
