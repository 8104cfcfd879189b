using System.Diagnostics;

namespace FanHub.LoadTests.Publishing;

/// <summary>Does something at a steady rate.</summary>
internal static class Rate
{
    /// <summary>Does it so many times, each at its own moment however long the others take, and waits for all.</summary>
    /// <param name="times">How many times.</param>
    /// <param name="perSecond">How many a second.</param>
    /// <param name="act">Does it, for the n-th time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RunAsync(int times, double perSecond, Func<int, Task> act, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        var pending = new List<Task>();
        for (var i = 0; i < times; i++)
        {
            var early = TimeSpan.FromSeconds(i / perSecond) - Stopwatch.GetElapsedTime(begin);
            if (early > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(early, cancellationToken);
            }

            pending.Add(act(i));
            if (pending.Count >= 1_000)
            {
                pending.RemoveAll(p => p.IsCompletedSuccessfully);
            }
        }

        await Task.WhenAll(pending);
    }
}
