namespace FanHub.Server.Hosting;

/// <summary>A request is refused, with a code that clients can rely on. <see cref="Problems"/> turns it into an answer.</summary>
/// <param name="code">One of <see cref="Contracts.ErrorCodes"/>.</param>
/// <param name="message">What is wrong, for the people who sent the request; it is shown to them.</param>
/// <param name="retryAfter">Set where the same request may succeed later.</param>
internal class FanHubException(string code, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    /// <summary>One of <see cref="Contracts.ErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>How long to wait before trying again; null where that is no use.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>What is wrong with each member of the request, by its path in the body (<c>options[1].label</c>).</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
