using System.ComponentModel.DataAnnotations;

namespace FanHub.Realtime.Fanout;

/// <summary>What one connection may cost. Configuration section <c>FanHub:Fanout</c>.</summary>
public sealed class FanoutOptions
{
    /// <summary>Bytes that may wait for a slow reader before it is sent away: 16 KiB to 64 MiB, by default 1 MiB.</summary>
    [Range(16 * 1024, 64 * 1024 * 1024)]
    public int MaxWaitingBytes { get; set; } = 1024 * 1024;

    /// <summary>Frames that may wait for a slow reader: 16 to 65,536, by default 1,024.</summary>
    [Range(16, 65_536)]
    public int MaxWaitingFrames { get; set; } = 1024;

    /// <summary>
    /// Bytes that the kernel may hold for a reader, before what comes waits here: 16 KiB to 16 MiB, by default 128 KiB. Left to itself it takes megabytes, which nothing newer can replace.
    /// For WebSockets without TLS in this process.
    /// </summary>
    [Range(16 * 1024, 16 * 1024 * 1024)]
    public int KernelBufferBytes { get; set; } = 128 * 1024;

    /// <summary>How long a frame may wait for a reader that takes nothing: 1 s to 5 minutes, by default 8 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>On how many threads at once an update of a channel with many followers is sent: 1 to 64, by default on half of the processors. The rest is for what fans send.</summary>
    [Range(1, 64)]
    public int Walkers { get; set; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 64);

    /// <summary>Channels that one connection may follow: 1 to 10,000, by default 100.</summary>
    [Range(1, 10_000)]
    public int MaxChannels { get; set; } = 100;

    /// <summary>The largest message that a client may send, in bytes: 256 to 64 KiB, by default 8 KiB.</summary>
    [Range(256, HighestMessageBytes - 1)]
    public int MaxMessageBytes { get; set; } = 8 * 1024;

    /// <summary>What no message of a client reaches, whatever is configured.</summary>
    public const int HighestMessageBytes = 64 * 1024;

    /// <summary>Gates that one connection may have passed.</summary>
    internal int MaxGates => 1_000;
}
