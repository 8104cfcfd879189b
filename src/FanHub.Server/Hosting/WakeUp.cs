namespace FanHub.Server.Hosting;

/// <summary>Wakes somebody who looks after work; one wake-up covers all that was asked for before it.</summary>
internal abstract class WakeUp
{
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Says that there is something to do.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already and will look again.
        }
    }

    /// <summary>Waits until there is something to do, or it is time to look anyway.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(atMost, time, cancellationToken);
        try
        {
            await _wake.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look anyway.
        }
    }
}
