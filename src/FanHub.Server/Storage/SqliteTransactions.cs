using Microsoft.Data.Sqlite;

namespace FanHub.Server.Storage;

/// <summary>What every <see cref="SqliteWriter{TStatements}"/> needs of its statements; what is done in the file comes with the derived class. For the writer's thread alone.</summary>
internal abstract class SqliteTransactions(SqliteConnection connection) : IDisposable
{
    private readonly SqliteCommand _begin = Prepare(connection, "BEGIN IMMEDIATE");
    private readonly SqliteCommand _commit = Prepare(connection, "COMMIT");
    private readonly SqliteCommand _rollback = Prepare(connection, "ROLLBACK");
    private readonly SqliteCommand _savepoint = Prepare(connection, "SAVEPOINT job");
    private readonly SqliteCommand _rollbackToSavepoint = Prepare(connection, "ROLLBACK TO job");
    private readonly SqliteCommand _release = Prepare(connection, "RELEASE job");

    /// <summary>All that the derived class has prepared.</summary>
    protected abstract IEnumerable<SqliteCommand> Commands { get; }

    public void Begin() => _begin.ExecuteNonQuery();

    public void Commit() => _commit.ExecuteNonQuery();

    public void Rollback() => _rollback.ExecuteNonQuery();

    public void Savepoint() => _savepoint.ExecuteNonQuery();

    public void RollbackToSavepoint() => _rollbackToSavepoint.ExecuteNonQuery();

    public void Release() => _release.ExecuteNonQuery();

    public void Dispose()
    {
        foreach (var command in (IEnumerable<SqliteCommand>)[_begin, _commit, _rollback, _savepoint, _rollbackToSavepoint, _release, .. Commands])
        {
            command.Dispose();
        }
    }

    /// <summary>A statement with its parameters, to be given their values in that order.</summary>
    protected static SqliteCommand Prepare(SqliteConnection connection, string text, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    /// <summary>Runs it with these values.</summary>
    /// <returns>How many rows it changed.</returns>
    protected static int Execute(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        Bind(command, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>Gives it its values.</summary>
    protected static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }
}
