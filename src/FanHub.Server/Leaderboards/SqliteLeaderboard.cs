using FanHub.Server.Storage;
using Microsoft.Data.Sqlite;

namespace FanHub.Server.Leaderboards;

/// <summary>
/// Leaderboards in a file, for a server that runs alone. What was acknowledged is on the disk, and survives the process's and the machine's end. A fan's rank costs counting those
/// who are better.
/// </summary>
internal sealed class SqliteLeaderboard : ILeaderboard, IDisposable
{
    // Rows of one transaction: what else waits for the writer does not wait long.
    private const int DeletedAtOnce = 10_000;

    private readonly string _connectionString;
    private readonly SqliteWriter<SqliteBoardStatements> _writer;

    /// <summary>Opens the file, or creates it.</summary>
    /// <param name="dataDirectory">Where it is; created where missing.</param>
    public SqliteLeaderboard(string dataDirectory)
    {
        Directory.CreateDirectory(dataDirectory);
        _connectionString = SqliteBoardSchema.ConnectionString(dataDirectory);
        _writer = new SqliteWriter<SqliteBoardStatements>(
            "leaderboards",
            SqliteBoardSchema.OpenWriter(_connectionString),
            connection => new SqliteBoardStatements(connection),
            (text, cause) => new LeaderboardUnavailableException(text, cause));
    }

    /// <inheritdoc/>
    public async Task<AwardOutcome> AwardAsync(string board, AwardChunk chunk, CancellationToken cancellationToken = default)
    {
        var changes = AwardChanges.Of(chunk);
        return await _writer.DoAsync(statements => Award(statements, board, chunk, changes), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<long, long>> AppliedAsync(string board, string source, CancellationToken cancellationToken = default) => ReadAsync<IReadOnlyDictionary<long, long>>(
        connection =>
        {
            using var command = Command(connection, "SELECT chunk, version FROM applied WHERE board = (SELECT id FROM boards WHERE board = $board) AND source = $source", board);
            command.Parameters.AddWithValue("$source", source);
            using var reader = command.ExecuteReader();
            var versions = new Dictionary<long, long>();
            while (reader.Read())
            {
                versions.Add(reader.GetInt64(0), reader.GetInt64(1));
            }

            return versions;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<StandingRow?> FindAsync(string board, long fan, CancellationToken cancellationToken = default) => ReadAsync(
        connection =>
        {
            using var command = Command(
                connection,
                """
                SELECT sort_key, (SELECT count(*) FROM standings better WHERE better.board = own.board AND better.sort_key < own.sort_key) FROM standings own
                WHERE board = (SELECT id FROM boards WHERE board = $board) AND fan = $fan
                """,
                board);
            command.Parameters.AddWithValue("$fan", fan);
            using var reader = command.ExecuteReader();
            if (!reader.Read())
            {
                return null;
            }

            var score = BoardScore.FromSortKey(reader.GetInt64(0));
            return new StandingRow(score.Points, score.TimeMs, reader.GetInt64(1) + 1);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountAsync(string board, CancellationToken cancellationToken = default) => ReadAsync(
        connection =>
        {
            using var command = Command(connection, "SELECT participants FROM boards WHERE board = $board", board);
            return (long?)command.ExecuteScalar() ?? 0;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RankedFan>> TopAsync(string board, int count, CancellationToken cancellationToken = default) =>
        LeaderboardPages.TopAsync(count, most => ReadPageAsync(board, null, most, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<RankedFan> ReadAllAsync(string board, CancellationToken cancellationToken = default) =>
        LeaderboardPages.AllAsync((_, last) => ReadPageAsync(board, last, LeaderboardPages.Size, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<long> NextVersionAsync(string board, CancellationToken cancellationToken = default) => _writer.DoAsync(statements => statements.NextVersion(board), cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAsync(string board, CancellationToken cancellationToken = default)
    {
        await _writer.DoAsync(
            statements =>
            {
                statements.Forget(board);
                return true;
            },
            cancellationToken);
        while (!await _writer.DoAsync(statements => statements.Delete(DeletedAtOnce), cancellationToken))
        {
            // Piece by piece. What an ended process left is deleted with the next board.
        }
    }

    /// <summary>Writes what is waiting, and closes the file.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    // Where it throws, the writer takes back what it did.
    private static AwardOutcome Award(SqliteBoardStatements statements, string name, AwardChunk chunk, IReadOnlyList<Award> changes)
    {
        var found = statements.Find(name);
        var version = found is { } known ? statements.Applied(known, chunk.Source, chunk.Chunk) : 0;
        if (version != chunk.Expected)
        {
            return new AwardOutcome(Applied: false, version);
        }

        var board = found ?? statements.Create(name);
        var entered = 0;
        foreach (var change in changes)
        {
            if (statements.SortKey(board, change.Fan) is not { } held)
            {
                statements.Enter(board, change.Fan, default(BoardScore).Add(change).SortKey);
                entered++;
            }
            else if (BoardScore.FromSortKey(held).Add(change).SortKey is var sortKey && sortKey != held)
            {
                statements.Move(board, change.Fan, sortKey);
            }
        }

        statements.AddParticipants(board, entered);
        statements.SetApplied(board, chunk.Source, chunk.Chunk, chunk.Version);
        return new AwardOutcome(Applied: true, chunk.Version);
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, string board)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.Parameters.AddWithValue("$board", board);
        return command;
    }

    private Task<IReadOnlyList<BoardEntry>> ReadPageAsync(string board, BoardEntry? after, int count, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<BoardEntry>>(
        connection =>
        {
            using var command = Command(
                connection,
                """
                SELECT fan, sort_key FROM standings WHERE board = (SELECT id FROM boards WHERE board = $board) AND (sort_key, fan) > ($sortKey, $fan)
                ORDER BY sort_key, fan LIMIT $count
                """,
                board);
            command.Parameters.AddWithValue("$sortKey", after?.SortKey ?? long.MinValue);
            command.Parameters.AddWithValue("$fan", after?.Fan ?? -1);
            command.Parameters.AddWithValue("$count", count);
            using var reader = command.ExecuteReader();
            var entries = new List<BoardEntry>();
            while (reader.Read())
            {
                entries.Add(new BoardEntry(reader.GetInt64(0), reader.GetInt64(1)));
            }

            return entries;
        },
        cancellationToken);

    private async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await using var connection = new SqliteConnection(_connectionString);
            await connection.OpenAsync(cancellationToken);
            return read(connection);
        }
        catch (SqliteException e)
        {
            throw new LeaderboardUnavailableException("The file of the leaderboards could not be read.", e);
        }
    }
}
