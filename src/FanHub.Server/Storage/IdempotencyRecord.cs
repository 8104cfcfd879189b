namespace FanHub.Server.Storage;

/// <summary>The answer to a request that carried an <c>Idempotency-Key</c>, saved together with what the request changed.</summary>
internal sealed class IdempotencyRecord
{
    /// <summary>Who asked: keys of different editors do not meet.</summary>
    public required string Editor { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of method, path and body: what the key stands for.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The answer's status.</summary>
    public required int Status { get; init; }

    /// <summary>The answer's body.</summary>
    public required string Body { get; init; }

    /// <summary>The answer's entity tag.</summary>
    public string? ETag { get; init; }

    /// <summary>The answer's <c>Location</c>.</summary>
    public string? Location { get; init; }

    /// <summary>When it was given.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
