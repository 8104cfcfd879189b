namespace FanHub.Server.Hosting;

/// <summary>Ends what somebody waits for when the time is up, or when whoever asked gives up.</summary>
/// <remarks>
/// The time has a source of its own: its timer may fire while it is disposed of, and nothing happens. A timer that cancelled another source would end the process then.
/// </remarks>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _either;

    /// <summary>Begins to count.</summary>
    public TimeLimit(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        _time = new CancellationTokenSource(atMost, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _time.Token);
    }

    /// <summary>Is cancelled by the time or by whoever asked, whichever comes first.</summary>
    public CancellationToken Token => _either.Token;

    /// <inheritdoc />
    public void Dispose()
    {
        _either.Dispose();
        _time.Dispose();
    }
}
