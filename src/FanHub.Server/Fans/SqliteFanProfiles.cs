using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace FanHub.Server.Fans;

/// <summary>What is known of fans, in a file, for a server that runs alone.</summary>
/// <param name="dataDirectory">Where the file is; created where missing.</param>
/// <param name="forgottenFor">How long forgotten fans stay noted.</param>
/// <param name="time">The clock.</param>
internal sealed class SqliteFanProfiles(string dataDirectory, TimeSpan forgottenFor, TimeProvider time) : IFanProfiles, IDisposable
{
    private const int Page = 5_000;

    private readonly SqliteFanFile _file = new(dataDirectory);

    /// <inheritdoc/>
    public Task<string?> FindNameAsync(long fan, CancellationToken cancellationToken = default) =>
        _file.ReadAsync(connection => (string?)SqliteFanFile.Scalar(connection, "SELECT name FROM names WHERE fan = $fan", ("$fan", fan)), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<long, string>> FindNamesAsync(IReadOnlyCollection<long> fans, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fans.Count, IFanProfiles.MaxNames, nameof(fans));
        return _file.ReadAsync<IReadOnlyDictionary<long, string>>(
            connection =>
            {
                var names = new Dictionary<long, string>();
                using var command = SqliteFanFile.Command(connection, "SELECT name FROM names WHERE fan = $fan", ("$fan", 0L));
                foreach (var fan in fans)
                {
                    command.Parameters[0].Value = fan;
                    if (command.ExecuteScalar() is string name)
                    {
                        names[fan] = name;
                    }
                }

                return names;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task SetNameAsync(long fan, string? name, CancellationToken cancellationToken = default) => _file.WriteAsync(
        connection =>
        {
            ThrowIfForgotten(connection, fan);
            if (name is null)
            {
                SqliteFanFile.Execute(connection, "DELETE FROM names WHERE fan = $fan", ("$fan", fan));
            }
            else
            {
                SqliteFanFile.Execute(connection, "INSERT INTO names (fan, name) VALUES ($fan, $name) ON CONFLICT (fan) DO UPDATE SET name = excluded.name", ("$fan", fan), ("$name", name));
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<DateTimeOffset> AskMoreTimeAsync(string quiz, long fan, DateTimeOffset at, CancellationToken cancellationToken = default) => _file.WriteAsync(
        connection =>
        {
            ThrowIfForgotten(connection, fan);
            SqliteFanFile.Execute(
                connection,
                "INSERT INTO more_time (quiz, fan, at) VALUES ($quiz, $fan, $at) ON CONFLICT (quiz, fan) DO NOTHING",
                ("$quiz", quiz), ("$fan", fan), ("$at", at.ToUnixTimeMilliseconds()));
            if ((long)SqliteFanFile.Scalar(connection, "SELECT count(*) FROM (SELECT 1 FROM more_time WHERE quiz = $quiz LIMIT 2)", ("$quiz", quiz))! == 1)
            {
                // With each quiz's first, so that it is done now and then.
                SqliteFanFile.Execute(
                    connection,
                    "DELETE FROM more_time WHERE quiz IN (SELECT quiz FROM more_time GROUP BY quiz HAVING max(at) < $past)",
                    ("$past", (time.GetUtcNow() - IFanProfiles.MoreTimeKept).ToUnixTimeMilliseconds()));
            }

            return FindMoreTime(connection, quiz, fan) ?? at;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> FindMoreTimeAsync(string quiz, long fan, CancellationToken cancellationToken = default) =>
        _file.ReadAsync(connection => FindMoreTime(connection, quiz, fan), cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountMoreTimeAsync(string quiz, CancellationToken cancellationToken = default) =>
        _file.ReadAsync(connection => (long)SqliteFanFile.Scalar(connection, "SELECT count(*) FROM more_time WHERE quiz = $quiz", ("$quiz", quiz))!, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AnyMoreTimeBeforeAsync(string quiz, DateTimeOffset moment, CancellationToken cancellationToken = default) => _file.ReadAsync(
        connection => SqliteFanFile.Scalar(
            connection, "SELECT 1 FROM more_time WHERE quiz = $quiz AND at < $moment LIMIT 1", ("$quiz", quiz), ("$moment", moment.ToUnixTimeMilliseconds())) is not null,
        cancellationToken);

    /// <inheritdoc/>
    public Task<DateTimeOffset> ForgetAsync(long fan, CancellationToken cancellationToken = default) => _file.WriteAsync(
        connection =>
        {
            var now = FanMoments.ToMicroseconds(time.GetUtcNow());
            SqliteFanFile.Execute(connection, "DELETE FROM names WHERE fan = $fan", ("$fan", fan));
            SqliteFanFile.Execute(connection, "DELETE FROM more_time WHERE fan = $fan", ("$fan", fan));
            SqliteFanFile.Execute(connection, "INSERT INTO forgotten (fan, at) VALUES ($fan, $now) ON CONFLICT (fan) DO UPDATE SET at = excluded.at", ("$fan", fan), ("$now", now));
            SqliteFanFile.Execute(connection, "DELETE FROM forgotten WHERE at < $past", ("$past", now - (long)forgottenFor.TotalMicroseconds));
            return FanMoments.FromMicroseconds(now);
        },
        cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ForgottenFan> ForgottenSinceAsync(DateTimeOffset moment, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var last = new ForgottenFan(-1, moment);
        while (true)
        {
            var after = last;
            var page = await _file.ReadAsync(connection => ReadPage(connection, after), cancellationToken);
            foreach (var fan in page)
            {
                yield return fan;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            last = page[^1];
        }
    }

    /// <inheritdoc/>
    public Task RestoreForgottenAsync(IReadOnlyCollection<ForgottenFan> fans, CancellationToken cancellationToken = default) => _file.WriteAsync(
        connection =>
        {
            foreach (var (fan, at) in fans)
            {
                SqliteFanFile.Execute(
                    connection, "INSERT INTO forgotten (fan, at) VALUES ($fan, $at) ON CONFLICT (fan) DO NOTHING", ("$fan", fan), ("$at", FanMoments.ToMicroseconds(at)));
            }

            return true;
        },
        cancellationToken);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static DateTimeOffset? FindMoreTime(SqliteConnection connection, string quiz, long fan) =>
        SqliteFanFile.Scalar(connection, "SELECT at FROM more_time WHERE quiz = $quiz AND fan = $fan", ("$quiz", quiz), ("$fan", fan)) is long at
            ? DateTimeOffset.FromUnixTimeMilliseconds(at)
            : null;

    private static List<ForgottenFan> ReadPage(SqliteConnection connection, ForgottenFan after)
    {
        using var command = SqliteFanFile.Command(
            connection,
            "SELECT fan, at FROM forgotten WHERE (at, fan) > ($at, $fan) ORDER BY at, fan LIMIT $count",
            ("$at", FanMoments.ToMicroseconds(after.At)), ("$fan", after.Fan), ("$count", Page));
        using var reader = command.ExecuteReader();
        var fans = new List<ForgottenFan>();
        while (reader.Read())
        {
            fans.Add(new ForgottenFan(reader.GetInt64(0), FanMoments.FromMicroseconds(reader.GetInt64(1))));
        }

        return fans;
    }

    private static void ThrowIfForgotten(SqliteConnection connection, long fan)
    {
        if (SqliteFanFile.Scalar(connection, "SELECT 1 FROM forgotten WHERE fan = $fan", ("$fan", fan)) is not null)
        {
            throw new FanForgottenException();
        }
    }
}
