using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace FanHub.Server.Storage;

/// <summary>What failures of the database mean, whichever it is.</summary>
internal static class DatabaseFailures
{
    /// <summary>Whether it is away for now, and nothing is wrong with what was asked.</summary>
    public static bool IsAway(Exception failure) => Within<SqliteException>(failure) is { } sqlite
        // Busy, locked, read-only, I/O error, full, cannot open.
        ? sqlite.SqliteErrorCode is 5 or 6 or 8 or 10 or 13 or 14
        : PostgresSettings.IsAway(failure);

    /// <summary>Whether there is something under this key already.</summary>
    public static bool IsDuplicate(Exception failure) => Within<DbException>(failure) switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 1555 or 2067,
        { SqlState: "23505" } => true,
        _ => false,
    };

    /// <summary>The failure itself, or what it was caused by, where that is of the type.</summary>
    public static T? Within<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found)
            {
                return found;
            }
        }

        return null;
    }
}
