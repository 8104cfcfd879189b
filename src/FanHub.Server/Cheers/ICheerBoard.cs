namespace FanHub.Server.Cheers;

/// <summary>Where nodes add up how fans cheer: one sum for each channel and second of the board's own clock, which is the same for all nodes.</summary>
/// <remarks>A sum is taken once, by whoever comes first after its second is over. What nobody takes is forgotten after <see cref="KeptFor"/>. One suite of tests runs against all implementations.</remarks>
internal interface ICheerBoard
{
    /// <summary>How long a sum waits for somebody to take it, at least.</summary>
    static TimeSpan KeptFor => TimeSpan.FromSeconds(10);

    /// <summary>Adds a node's taps to the sum of the present second, and takes the sums of seconds that are over.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="taps">How many taps since the node's last call, for each reaction; none: only to take.</param>
    /// <param name="cancellationToken">Gives up; the taps may have been added.</param>
    /// <exception cref="FanHub.Realtime.Channels.LogUnavailableException">The board cannot be reached; whether the taps were added is unknown.</exception>
    Task<CheerReading> AddAsync(string channel, IReadOnlyDictionary<string, long> taps, CancellationToken cancellationToken = default);
}

/// <summary>What a call to the board gave.</summary>
/// <param name="At">The board's clock.</param>
/// <param name="Sums">Sums of seconds that are over, which now are this caller's alone, the oldest first; usually one or none.</param>
internal sealed record CheerReading(DateTimeOffset At, IReadOnlyList<CheerSum> Sums)
{
    /// <summary>The present second, in Unix seconds: the one that the taps were added to.</summary>
    public long Second => At.ToUnixTimeSeconds();
}

/// <summary>How fans cheered in one second, over all nodes.</summary>
/// <param name="Second">Which, in Unix seconds.</param>
/// <param name="Taps">Taps for each reaction that was tapped.</param>
internal sealed record CheerSum(long Second, IReadOnlyDictionary<string, long> Taps);
