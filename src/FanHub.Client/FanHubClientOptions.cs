namespace FanHub.Client;

/// <summary>How a <see cref="FanHubClient"/> behaves.</summary>
public sealed record FanHubClientOptions
{
    /// <summary>Where the service is; several nodes are tried in turn.</summary>
    public required IReadOnlyList<Uri> Addresses { get; init; }

    /// <summary>The language to ask for, a BCP 47 tag; null for each item's default.</summary>
    public string? Locale { get; init; }

    /// <summary>The longest wait between attempts to connect; each wait is random below a bound that doubles up to this. By default 5 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a single call may take before the connection counts as broken: by default 10 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long <see cref="FanHubClient.VoteAsync"/> keeps resending before it gives up: by default a minute.</summary>
    public TimeSpan VoteTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Shared by many clients in one process; absent, each has its own.</summary>
    public HttpClient? Http { get; init; }
}
