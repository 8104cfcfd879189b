using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace FanHub.Server.Storage;

/// <summary>
/// The one writer of a file beside the database, such as that of the ballots. Work that arrives while a transaction is being committed shares the next one, so that forcing it onto the disk, which takes
/// longer than all the rest, is paid once for many.
/// </summary>
/// <typeparam name="TStatements">What can be done in the file.</typeparam>
internal sealed class SqliteWriter<TStatements> : IDisposable
    where TStatements : SqliteTransactions
{
    private const int MaxWaiting = 4096;
    private const int MaxShared = 256;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly BlockingCollection<Job> _waiting = new(MaxWaiting);
    private readonly string _name;
    private readonly SqliteConnection _connection;
    private readonly TStatements _statements;
    private readonly Func<string, Exception?, Exception> _unavailable;
    private readonly Thread _thread;
    private int _disposed;

    /// <summary>Begins to write.</summary>
    /// <param name="name">What is in the file, for messages: <c>ballots</c>.</param>
    /// <param name="connection">The connection that writes; the writer closes it.</param>
    /// <param name="prepare">Prepares the statements on that connection.</param>
    /// <param name="unavailable">Makes the exception that says that the file could not be written, of a text and its cause.</param>
    public SqliteWriter(string name, SqliteConnection connection, Func<SqliteConnection, TStatements> prepare, Func<string, Exception?, Exception> unavailable)
    {
        _name = name;
        _connection = connection;
        _statements = prepare(connection);
        _unavailable = unavailable;
        // Forcing data onto the disk blocks: not on a thread of the pool.
        _thread = new Thread(Run) { IsBackground = true, Name = $"{name} writer" };
        _thread.Start();
    }

    /// <summary>Does something in a transaction, and returns once that is on the disk. Where it throws, nothing of it is kept.</summary>
    /// <remarks>
    /// Throws the exception it was made with where too much is waiting, or it could not be written. Whether it was is unknown after a timeout or a cancellation.
    /// </remarks>
    public async Task<T> DoAsync<T>(Func<TStatements, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var job = new Job<T>(work, NotWritten);
        Enqueue(job);
        try
        {
            return await job.Result.WaitAsync(AnswerLimit, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw _unavailable("The disk does not answer.", e);
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
            throw _unavailable($"The file of the {_name} is closed.", e);
        }

        if (!added)
        {
            throw _unavailable("Too many writes are waiting for the disk.", null);
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
                job.Fail(NotWritten(e));
            }

            return;
        }

        foreach (var job in jobs)
        {
            job.Complete();
        }
    }

    private Exception NotWritten(Exception cause) => _unavailable($"The file of the {_name} could not be written.", cause);

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
        public abstract bool TryDo(TStatements statements);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Job<T>(Func<TStatements, T> work, Func<Exception, Exception> notWritten) : Job
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _failure;

        public Task<T> Result => _done.Task;

        public override bool TryDo(TStatements statements)
        {
            try
            {
                _result = work(statements);
                return true;
            }
            catch (Exception e)
            {
                _failure = e is SqliteException ? notWritten(e) : e;
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
