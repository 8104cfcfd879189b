using FanHub.Server.Storage;

namespace FanHub.Server.Results.Feed;

/// <summary>
/// Lets those who write a lot for the feed do it one after the other. SQLite has one writer, and whoever finds it busy sleeps and looks again; here the next one is woken at once.
/// PostgreSQL has as many writers as come, and nobody waits.
/// </summary>
internal sealed class FeedWriteTurn(EditorialDatabase database)
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for the turn. Whoever has it is done within the limits of the database, as long as it does nothing else meanwhile.</summary>
    /// <returns>Ends the turn when it is disposed of.</returns>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        if (database.IsShared)
        {
            return Turn.Nobodys;
        }

        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    private sealed class Turn(SemaphoreSlim? turn) : IDisposable
    {
        public static readonly Turn Nobodys = new(null);

        private SemaphoreSlim? _turn = turn;

        public void Dispose() => Interlocked.Exchange(ref _turn, null)?.Release();
    }
}
