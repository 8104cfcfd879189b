using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace FanHub.Server.Ballots;

/// <summary>
/// The one writer of the ballots' file. Work that arrives while a transaction is being committed shares the next one, so that forcing it onto the disk, which takes
/// longer than all the rest, is paid once for many.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MaxWaiting = 4096;
    private const int MaxShared = 256;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly BlockingCollection<Job> _waiting = new(MaxWaiting);
    private readonly SqliteConnection _connection;
    private readonly SqliteStatements _statements;
    private readonly Thread _thread;
    private int _disposed;

    /// <summary>Opens the file.</summary>
    public SqliteWriter(string connectionString)
    {
        _connection = SqliteBallotSchema.OpenWriter(connectionString);
        _statements = new SqliteStatements(_connection);
        // Forcing data onto the disk blocks: not on a thread of the pool.
        _thread = new Thread(Run) { IsBackground = true, Name = "ballots writer" };
        _thread.Start();
    }

    /// <summary>Does something in a transaction, and returns once that is on the disk. Where it throws, nothing of it is kept.</summary>
    /// <exception cref="BallotBoxUnavailableException">Too much is waiting, or it could not be written. Whether it was is unknown after a timeout or a cancellation.</exception>
    public async Task<T> DoAsync<T>(Func<SqliteStatements, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var job = new Job<T>(work);
        Enqueue(job);
        try
        {
            return await job.Result.WaitAsync(AnswerLimit, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new BallotBoxUnavailableException("The disk does not answer.", e);
        }
    }

    /// <summary>Writes what is waiting, and closes the file.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _waiting.CompleteAdding();
        if (_thread.Join(AnswerLimit))
        {
            _statements.Dispose();
            _connection.Dispose();
            _waiting.Dispose();
        }
    }

    private void Enqueue(Job job)
    {
        bool added;
        try
        {
            added = _waiting.TryAdd(job);
        }
        catch (InvalidOperationException e)
        {
            throw new BallotBoxUnavailableException("The ballots' file is closed.", e);
        }

        if (!added)
        {
            throw new BallotBoxUnavailableException("Too many writes are waiting for the disk.");
        }
    }

    private void Run()
    {
        var shared = new List<Job>(MaxShared);
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            shared.Clear();
            shared.Add(first);
            while (shared.Count < MaxShared && _waiting.TryTake(out var next))
            {
                shared.Add(next);
            }

            Commit(shared);
        }
    }

    private void Commit(List<Job> jobs)
    {
        try
        {
            _statements.Begin();
            foreach (var job in jobs)
            {
                // One that fails takes back its own changes and nobody else's.
                _statements.Savepoint();
                if (!job.TryDo(_statements))
                {
                    _statements.RollbackToSavepoint();
                }

                _statements.Release();
            }

            _statements.Commit();
        }
        catch (Exception e)
        {
            // The disk is full, or gone: whatever the exception, the thread must live on, and everybody must hear of it.
            Abandon();
            foreach (var job in jobs)
            {
                job.Fail(new BallotBoxUnavailableException("The ballots' file could not be written.", e));
            }

            return;
        }

        foreach (var job in jobs)
        {
            job.Complete();
        }
    }

    private void Abandon()
    {
        try
        {
            _statements.Rollback();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself.
        }
    }

    private abstract class Job
    {
        public abstract bool TryDo(SqliteStatements statements);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Job<T>(Func<SqliteStatements, T> work) : Job
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _failure;

        public Task<T> Result => _done.Task;

        public override bool TryDo(SqliteStatements statements)
        {
            try
            {
                _result = work(statements);
                return true;
            }
            catch (Exception e)
            {
                _failure = e is SqliteException ? new BallotBoxUnavailableException("The ballots' file could not be written.", e) : e;
                return false;
            }
        }

        public override void Complete()
        {
            if (_failure is null)
            {
                _done.SetResult(_result!);
            }
            else
            {
                Fail(_failure);
            }
        }

        public override void Fail(Exception exception)
        {
            _done.SetException(exception);
            // Whoever waited may have given up: the failure counts as seen all the same.
            _ = _done.Task.Exception;
        }
    }
}
