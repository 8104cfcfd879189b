using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FanHub.Server.Storage;
using Microsoft.Data.Sqlite;

namespace FanHub.Server.Ballots;

/// <summary>Ballots in a file, for a server that runs alone. What was acknowledged is on the disk, and survives the process's and the machine's end.</summary>
internal sealed class SqliteBallotBox : IBallotBox, IDisposable
{
    private readonly string _connectionString;
    private readonly TimeProvider _time;
    private readonly SqliteWriter<SqliteStatements> _writer;
    private readonly ConcurrentDictionary<string, long> _claimedUntil = new(StringComparer.Ordinal);

    /// <summary>Opens the file, or creates it.</summary>
    /// <param name="dataDirectory">Where it is; created where missing.</param>
    /// <param name="time">The clock.</param>
    public SqliteBallotBox(string dataDirectory, TimeProvider time)
    {
        Directory.CreateDirectory(dataDirectory);
        _connectionString = SqliteBallotSchema.ConnectionString(dataDirectory);
        _time = time;
        _writer = new SqliteWriter<SqliteStatements>(
            "ballots",
            SqliteBallotSchema.OpenWriter(_connectionString),
            connection => new SqliteStatements(connection),
            (text, cause) => new BallotBoxUnavailableException(text, cause));
    }

    /// <inheritdoc/>
    public Task RegisterAsync(string interaction, string channel, CancellationToken cancellationToken = default) => _writer.DoAsync(
        statements =>
        {
            statements.Register(interaction, channel);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<BoxInfo?> FindAsync(string interaction, CancellationToken cancellationToken = default) => ReadAsync(
        connection =>
        {
            using var command = Command(connection, "SELECT channel, sealed FROM boxes WHERE interaction = $interaction AND channel IS NOT NULL", interaction);
            using var reader = command.ExecuteReader();
            return reader.Read() ? new BoxInfo(reader.GetString(0), reader.GetBoolean(1)) : null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CastResult>> CastAsync(string interaction, BallotRules rules, IReadOnlyList<Ballot> batch, CancellationToken cancellationToken = default)
    {
        rules.ValidateBatch(batch);
        return batch.Count == 0 ? [] : await _writer.DoAsync(statements => SqliteCast.Run(statements, interaction, rules, batch), cancellationToken);
    }

    /// <inheritdoc/>
    public Task AddRefusedAsync(string interaction, long late, long refused, CancellationToken cancellationToken = default) => _writer.DoAsync(
        statements =>
        {
            statements.Record(statements.Box(interaction).Id, accepted: 0, changed: 0, repeated: 0, late, refused);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<Tally> TallyAsync(string interaction, int options, CancellationToken cancellationToken = default) => ReadAsync(
        connection =>
        {
            // One transaction: both queries see the same moment.
            using var transaction = connection.BeginTransaction(deferred: true);
            var counts = new long[options];
            using (var command = Command(
                connection, "SELECT option, ballots FROM counts WHERE box = (SELECT id FROM boxes WHERE interaction = $interaction) AND option < $options", interaction))
            {
                command.Parameters.AddWithValue("$options", options);
                using var reader = command.ExecuteReader();
                while (reader.Read())
                {
                    counts[reader.GetInt32(0)] = reader.GetInt64(1);
                }
            }

            using var box = Command(connection, "SELECT accepted, changed, repeated, late, refused, sealed FROM boxes WHERE interaction = $interaction", interaction);
            using var row = box.ExecuteReader();
            var found = row.Read();
            return new Tally
            {
                Sequence = found ? row.GetInt64(0) + row.GetInt64(1) : 0,
                Counts = counts,
                Ballots = found ? row.GetInt64(0) : 0,
                Changed = found ? row.GetInt64(1) : 0,
                Repeated = found ? row.GetInt64(2) : 0,
                Late = found ? row.GetInt64(3) : 0,
                Refused = found ? row.GetInt64(4) : 0,
                Sealed = found && row.GetBoolean(5),
            };
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ClaimTallyAsync(string interaction, TimeSpan period, CancellationToken cancellationToken = default)
    {
        // There is one node: nobody else needs to know, and a restart may publish once more.
        var now = _time.GetTimestamp();
        var until = now + (long)(period.TotalSeconds * _time.TimestampFrequency);
        while (true)
        {
            if (_claimedUntil.TryGetValue(interaction, out var earlier))
            {
                if (earlier > now)
                {
                    return Task.FromResult(false);
                }

                if (_claimedUntil.TryUpdate(interaction, until, earlier))
                {
                    return Task.FromResult(true);
                }
            }
            else if (_claimedUntil.TryAdd(interaction, until))
            {
                ForgetPastClaims(now);
                return Task.FromResult(true);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Tally> SealAsync(string interaction, string channel, int options, CancellationToken cancellationToken = default)
    {
        await _writer.DoAsync(
            statements =>
            {
                statements.Register(interaction, channel);
                statements.Seal(statements.Box(interaction).Id);
                return true;
            },
            cancellationToken);

        // Read afterwards it is the same count: nothing can change it any more.
        return await TallyAsync(interaction, options, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredBallot?> FindBallotAsync(string interaction, int options, long fan, CancellationToken cancellationToken = default) => ReadAsync<StoredBallot?>(
        connection =>
        {
            using var command = Command(connection, "SELECT value FROM ballots WHERE box = (SELECT id FROM boxes WHERE interaction = $interaction) AND fan = $fan", interaction);
            command.Parameters.AddWithValue("$fan", fan);
            return command.ExecuteScalar() is byte[] value ? BallotCodec.Decode(value, BallotCodec.ChoiceBytes(options)) : null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordedBallot> ReadAllAsync(string interaction, int options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        const int page = 10_000;
        var width = BallotCodec.ChoiceBytes(options);
        var after = -1L;
        while (true)
        {
            // Page by page: a reader that is slow with one does not keep the log from being folded into the file.
            var from = after;
            var ballots = await ReadAsync(connection => ReadPage(connection, interaction, from, page, width), cancellationToken);
            foreach (var ballot in ballots)
            {
                yield return ballot;
            }

            if (ballots.Count < page)
            {
                yield break;
            }

            after = ballots[^1].Fan;
        }
    }

    /// <inheritdoc/>
    public Task<long> ReserveFansAsync(int count, CancellationToken cancellationToken = default) => FanNumbers.ReserveAsync(
        count,
        () => _writer.DoAsync(
            statements =>
            {
                var block = FanNumbers.Take(statements.NextFan(), FanNumbers.At(_time.GetUtcNow()), count);
                statements.SetNextFan(block.Next);
                return (block.First, block.Wait);
            },
            cancellationToken),
        _time,
        cancellationToken);

    /// <summary>Writes what is waiting, and closes the file.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, string interaction)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.Parameters.AddWithValue("$interaction", interaction);
        return command;
    }

    private static List<RecordedBallot> ReadPage(SqliteConnection connection, string interaction, long after, int count, int width)
    {
        using var command = Command(
            connection,
            "SELECT fan, value FROM ballots WHERE box = (SELECT id FROM boxes WHERE interaction = $interaction) AND fan > $after ORDER BY fan LIMIT $count",
            interaction);
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$count", count);
        using var reader = command.ExecuteReader();
        var ballots = new List<RecordedBallot>();
        while (reader.Read())
        {
            ballots.Add(new RecordedBallot(reader.GetInt64(0), BallotCodec.Decode(reader.GetFieldValue<byte[]>(1), width)));
        }

        return ballots;
    }

    // SQLite has no asynchronous reads: from memory, mostly, and off the caller's thread only where they are long.
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
            throw new BallotBoxUnavailableException("The ballots' file could not be read.", e);
        }
    }

    private void ForgetPastClaims(long now)
    {
        if (_claimedUntil.Count <= 1000)
        {
            return;
        }

        foreach (var claim in _claimedUntil)
        {
            if (claim.Value <= now)
            {
                _claimedUntil.TryRemove(claim);
            }
        }
    }
}
