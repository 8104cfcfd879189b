namespace FanHub.Server.Cheers;

/// <summary>The board of a server that runs alone.</summary>
internal sealed class InProcessCheerBoard(TimeProvider time) : ICheerBoard
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedDictionary<long, Dictionary<string, long>>> _channels = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task<CheerReading> AddAsync(string channel, IReadOnlyDictionary<string, long> taps, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var second = now.ToUnixTimeSeconds();
        lock (_lock)
        {
            if (!_channels.TryGetValue(channel, out var seconds))
            {
                _channels[channel] = seconds = [];
            }

            var sums = new List<CheerSum>();
            foreach (var (over, sum) in seconds.Where(s => s.Key < second).ToList())
            {
                seconds.Remove(over);
                if (over >= second - (long)ICheerBoard.KeptFor.TotalSeconds)
                {
                    sums.Add(new CheerSum(over, sum));
                }
            }

            Add(seconds, second, taps);
            if (seconds.Count == 0)
            {
                _channels.Remove(channel);
            }

            return Task.FromResult(new CheerReading(now, sums));
        }
    }

    private static void Add(SortedDictionary<long, Dictionary<string, long>> seconds, long second, IReadOnlyDictionary<string, long> taps)
    {
        if (taps.Count == 0)
        {
            return;
        }

        if (!seconds.TryGetValue(second, out var sum))
        {
            seconds[second] = sum = new Dictionary<string, long>(StringComparer.Ordinal);
        }

        foreach (var (reaction, count) in taps)
        {
            sum[reaction] = sum.GetValueOrDefault(reaction) + count;
        }
    }
}
