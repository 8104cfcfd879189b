namespace FanHub.LoadTests.Feeds;

/// <summary>How a results feed is to be played, as the person who starts a load test decides.</summary>
internal sealed record FeedLoad
{
    /// <summary>What comes first is checked, but not measured: code that ran often is compiled again, and better.</summary>
    public const double WarmUpSeconds = 5;

    /// <summary>Messages are written before any is sent, so that writing them takes nothing from the server; they have to fit into memory.</summary>
    public const int MaxMessages = 150_000;

    /// <summary>The nodes that take the feed, in turn; all of this machine.</summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    /// <summary>The feed's key; empty where none was given.</summary>
    public required string Key { get; init; }

    /// <summary><c>P</c> or <c>T</c>: what the server takes.</summary>
    public required char Flag { get; init; }

    /// <summary>Messages per second.</summary>
    public required double Rate { get; init; }

    /// <summary>For how long they are measured.</summary>
    public required double Seconds { get; init; }

    /// <summary>Units that run at the same time; 0 for as many as give each two to four versions a second.</summary>
    public required int Units { get; init; }

    /// <summary>Bytes of a message, uncompressed.</summary>
    public required int Bytes { get; init; }

    /// <summary>Organisations in each unit: a result goes to a channel for each of them too.</summary>
    public required int Organisations { get; init; }

    /// <summary>Whether messages are sent as they are, and not compressed.</summary>
    public required bool Plain { get; init; }

    /// <summary>HTTP connections that send.</summary>
    public required int Senders { get; init; }

    /// <summary>Connections of fans that follow.</summary>
    public required int Followers { get; init; }

    /// <summary>What the median from the feed to a fan may be, in ms; null where it is only measured.</summary>
    public double? TargetP50 { get; init; }

    /// <summary>What the 99th percentile may be.</summary>
    public double? TargetP99 { get; init; }

    /// <summary>How many units run.</summary>
    public int UnitCount => Units > 0 ? Units : Math.Max(1, (int)Math.Round(Rate / 3));

    /// <summary>Roughly how many messages that makes.</summary>
    public double Messages => Rate * (Seconds + WarmUpSeconds);
}
