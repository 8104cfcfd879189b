using FanHub.Server.Storage;
using Microsoft.Data.Sqlite;

namespace FanHub.Server.Leaderboards;

/// <summary>The statements of the writer, prepared once. For the writer's thread alone.</summary>
internal sealed class SqliteBoardStatements(SqliteConnection connection) : SqliteTransactions(connection)
{
    private readonly SqliteCommand _find = Prepare(connection, "SELECT id FROM boards WHERE board = $board", "$board");
    private readonly SqliteCommand _create = Prepare(connection, "INSERT INTO boards (board) VALUES ($board) RETURNING id", "$board");
    private readonly SqliteCommand _applied = Prepare(
        connection, "SELECT version FROM applied WHERE board = $board AND source = $source AND chunk = $chunk", "$board", "$source", "$chunk");
    private readonly SqliteCommand _setApplied = Prepare(
        connection,
        "INSERT INTO applied (board, source, chunk, version) VALUES ($board, $source, $chunk, $version) ON CONFLICT (board, source, chunk) DO UPDATE SET version = excluded.version",
        "$board", "$source", "$chunk", "$version");
    private readonly SqliteCommand _sortKey = Prepare(connection, "SELECT sort_key FROM standings WHERE board = $board AND fan = $fan", "$board", "$fan");
    private readonly SqliteCommand _enter = Prepare(connection, "INSERT INTO standings (board, fan, sort_key) VALUES ($board, $fan, $sortKey)", "$board", "$fan", "$sortKey");
    private readonly SqliteCommand _move = Prepare(connection, "UPDATE standings SET sort_key = $sortKey WHERE board = $board AND fan = $fan", "$board", "$fan", "$sortKey");
    private readonly SqliteCommand _participants = Prepare(connection, "UPDATE boards SET participants = participants + $more WHERE id = $board", "$board", "$more");
    private readonly SqliteCommand _nextVersion = Prepare(
        connection, "INSERT INTO boards (board, version) VALUES ($board, 1) ON CONFLICT (board) DO UPDATE SET version = version + 1 RETURNING version", "$board");
    private readonly SqliteCommand _forget = Prepare(connection, "UPDATE boards SET board = NULL WHERE board = $board", "$board");
    private readonly SqliteCommand _deleteStandings = Prepare(
        connection,
        "DELETE FROM standings WHERE (board, fan) IN (SELECT board, fan FROM standings WHERE board IN (SELECT id FROM boards WHERE board IS NULL) LIMIT $most)",
        "$most");
    private readonly SqliteCommand _deleteApplied = Prepare(
        connection,
        """
        DELETE FROM applied WHERE (board, source, chunk) IN
            (SELECT board, source, chunk FROM applied WHERE board IN (SELECT id FROM boards WHERE board IS NULL) LIMIT $most)
        """,
        "$most");
    private readonly SqliteCommand _deleteBoards = Prepare(connection, "DELETE FROM boards WHERE board IS NULL");

    /// <inheritdoc/>
    protected override IEnumerable<SqliteCommand> Commands =>
        [_find, _create, _applied, _setApplied, _sortKey, _enter, _move, _participants, _nextVersion, _forget, _deleteStandings, _deleteApplied, _deleteBoards];

    /// <summary>The board's row, or null.</summary>
    public long? Find(string board) => Number(_find, board);

    /// <summary>The row of a board that has none yet.</summary>
    public long Create(string board) => Number(_create, board)!.Value;

    /// <summary>The version that it holds of a chunk, or 0.</summary>
    public long Applied(long board, string source, long chunk) => Number(_applied, board, source, chunk) ?? 0;

    public void SetApplied(long board, string source, long chunk, long version) => Execute(_setApplied, board, source, chunk, version);

    /// <summary>What the fan has, or null for who takes no part.</summary>
    public long? SortKey(long board, long fan) => Number(_sortKey, board, fan);

    public void Enter(long board, long fan, long sortKey) => Execute(_enter, board, fan, sortKey);

    public void Move(long board, long fan, long sortKey) => Execute(_move, board, fan, sortKey);

    public void AddParticipants(long board, long more) => Execute(_participants, board, more);

    public long NextVersion(string board) => Number(_nextVersion, board)!.Value;

    /// <summary>Takes the board's name away: from then on there is none.</summary>
    public void Forget(string board) => Execute(_forget, board);

    /// <summary>Deletes up to <paramref name="most"/> rows of boards without a name.</summary>
    /// <returns>Whether all are gone.</returns>
    public bool Delete(int most)
    {
        if (Execute(_deleteStandings, most) + Execute(_deleteApplied, most) > 0)
        {
            return false;
        }

        _deleteBoards.ExecuteNonQuery();
        return true;
    }

    private static long? Number(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        Bind(command, values);
        return (long?)command.ExecuteScalar();
    }
}
