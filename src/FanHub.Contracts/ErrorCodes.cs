namespace FanHub.Contracts;

/// <summary>
/// The one table of failures. HTTP answers carry the code in problem details, hub calls fail with the message <c>code: text</c>.
/// Codes are stable; texts are for people and may change.
/// </summary>
public static class ErrorCodes
{
    /// <summary>No such channel, poll or resource. Not retryable.</summary>
    public const string NotFound = "not_found";

    /// <summary>The request is malformed or breaks a rule that its text names. Not retryable.</summary>
    public const string Invalid = "invalid";

    /// <summary>The interaction does not take ballots yet.</summary>
    public const string NotOpen = "not_open";

    /// <summary>The interaction takes no more ballots.</summary>
    public const string Closed = "closed";

    /// <summary>This fan's ballot is in the box and may not be changed.</summary>
    public const string AlreadyVoted = "already_voted";

    /// <summary>More options were chosen than the interaction allows.</summary>
    public const string TooManyChoices = "too_many_choices";

    /// <summary>An option that the interaction does not have.</summary>
    public const string UnknownChoice = "unknown_choice";

    /// <summary>Too many calls; retry after the time given.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>A part that is needed is away or overloaded; nothing was acknowledged; retry with the same submission or idempotency key.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>No token or key, or one that is not good.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>The token or key is good, but may not do this.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>The resource is in a state that does not allow this; the text says from which to which.</summary>
    public const string Conflict = "conflict";

    /// <summary>The resource changed since the version in <c>If-Match</c>.</summary>
    public const string PreconditionFailed = "precondition_failed";

    /// <summary>The message or body is larger than allowed.</summary>
    public const string TooLarge = "too_large";

    /// <summary>The session's token has expired; a new one keeps the same fan.</summary>
    public const string SessionExpired = "session_expired";

    /// <summary>Something broke that should not have; it is logged with the same trace id. Nothing was acknowledged.</summary>
    public const string Internal = "internal";
}
