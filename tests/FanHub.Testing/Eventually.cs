using System.Diagnostics;

namespace FanHub.Testing;

/// <summary>For what another process does in its own time: asks again until it holds, within a limit.</summary>
public static class Eventually
{
    /// <summary>How long it asks by default.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Calls until there is no exception any more; then the last one goes out.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> get, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await get();
            }
            catch (Exception) when (clock.Elapsed < (limit ?? Limit))
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Asks until it is true.</summary>
    /// <exception cref="TimeoutException">It did not become true; the message says what.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > (limit ?? Limit))
            {
                throw new TimeoutException($"After {clock.Elapsed.TotalSeconds:0.0} s it still does not hold that {what}.");
            }

            await Task.Delay(25);
        }
    }

    /// <summary>Asks until it is true.</summary>
    /// <exception cref="TimeoutException">It did not become true; the message says what.</exception>
    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? limit = null) => TrueAsync(() => Task.FromResult(condition()), what, limit);
}
