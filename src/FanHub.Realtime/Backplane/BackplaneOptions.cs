using System.ComponentModel.DataAnnotations;

namespace FanHub.Realtime.Backplane;

/// <summary>How nodes pass hub messages on to one another. Configuration section <c>FanHub:Backplane</c>.</summary>
public sealed class BackplaneOptions
{
    /// <summary>How long a node waits for the one that has a connection to answer: 100 ms to 1 minute, by default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a node that awaits a client's result asks the client's node whether it is still there: 100 ms to 5 minutes, by default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages from other nodes that may wait for this one; more are lost: 16 to 1,048,576, by default 16,384.</summary>
    [Range(16, 1_048_576)]
    public int MaxReceived { get; set; } = 16_384;

    /// <summary>Messages that may wait for one slow connection before it is closed: 16 to 65,536, by default 1,024.</summary>
    [Range(16, 65_536)]
    public int MaxWaitingMessages { get; set; } = 1_024;

    /// <summary>Bytes that may wait for one slow connection before it is closed: 16 KiB to 64 MiB, by default 1 MiB.</summary>
    [Range(16 * 1024, 64 * 1024 * 1024)]
    public int MaxWaitingBytes { get; set; } = 1024 * 1024;

    /// <summary>How long a message may wait for a connection that takes nothing before it is closed: 1 s to 5 minutes, by default 8 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(8);
}
