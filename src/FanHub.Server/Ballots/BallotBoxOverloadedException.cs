namespace FanHub.Server.Ballots;

/// <summary>Too many ballots are waiting: this one was refused, and is not recorded.</summary>
/// <param name="retryAfter">When to try again.</param>
internal sealed class BallotBoxOverloadedException(TimeSpan retryAfter) : BallotBoxUnavailableException("Too many ballots are waiting.")
{
    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
