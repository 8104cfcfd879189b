namespace FanHub.Server.Hosting;

/// <summary>How long to wait before the next attempt: doubling, with chance in it, so that nodes which failed together do not come back together.</summary>
/// <param name="first">The wait after the first failure.</param>
/// <param name="longest">The longest wait.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private int _failures;

    /// <summary>The next wait: from half of the full one to all of it.</summary>
    public TimeSpan Next()
    {
        var full = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(_failures, 20)));
        _failures++;
        return TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    /// <summary>It worked: the next failure waits briefly again.</summary>
    public void Reset() => _failures = 0;
}
