using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Leaderboards;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Hosting;

/// <summary>What went wrong, as it is told to the outside: over HTTP as problem details, over the hub as <c>code: text</c>.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Detail">A text for people.</param>
/// <param name="Status">The HTTP status.</param>
internal sealed record Problem(string Code, string Detail, int Status)
{
    /// <summary>How long to wait before trying again; null where that is no use.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is wrong with each member of the request.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Whether it is a fault of this side, to be logged with its stack.</summary>
    public bool Unexpected => Code == ErrorCodes.Internal;

    /// <summary>The message of a failed hub call.</summary>
    public string HubMessage => $"{Code}: {Detail}";
}

/// <summary>The one place that says which failure is told how.</summary>
internal static class Problems
{
    private static readonly TimeSpan RetryUnavailable = TimeSpan.FromSeconds(1);

    /// <summary>The HTTP status of a code.</summary>
    public static int StatusOf(string code) => code switch
    {
        ErrorCodes.Invalid or ErrorCodes.TooManyChoices or ErrorCodes.UnknownChoice => StatusCodes.Status400BadRequest,
        ErrorCodes.Unauthorized or ErrorCodes.SessionExpired => StatusCodes.Status401Unauthorized,
        ErrorCodes.Forbidden => StatusCodes.Status403Forbidden,
        ErrorCodes.NotFound => StatusCodes.Status404NotFound,
        ErrorCodes.Conflict or ErrorCodes.NotOpen or ErrorCodes.Closed or ErrorCodes.AlreadyVoted => StatusCodes.Status409Conflict,
        ErrorCodes.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        ErrorCodes.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorCodes.RateLimited => StatusCodes.Status429TooManyRequests,
        ErrorCodes.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>How a failure is told. Nothing of an unexpected one is shown.</summary>
    public static Problem From(Exception failure) => failure switch
    {
        FanHubException refused => new Problem(refused.Code, refused.Message, StatusOf(refused.Code)) { RetryAfter = refused.RetryAfter, Errors = refused.Errors },
        BallotBoxOverloadedException overloaded => Unavailable($"Too many ballots are waiting; yours was not recorded. Send the same again in {Math.Ceiling(overloaded.RetryAfter.TotalMilliseconds)} ms.") with { RetryAfter = overloaded.RetryAfter },
        BallotBoxUnavailableException => Unavailable("The ballot box did not answer; what was asked may have happened all the same. Send the same again: it counts once."),
        FanProfilesUnavailableException => Unavailable("What is known of fans is not to be had now; what was asked may have happened all the same. Send the same again: it takes effect once."),
        FanForgottenException => Of(ErrorCodes.Unauthorized, "This fan has been forgotten. Ask for a session without a token to become a new one."),
        LeaderboardUnavailableException => Unavailable("The leaderboard did not answer; what was asked may have happened all the same. Send the same again: it counts once."),
        LogUnavailableException => Unavailable("The channels did not answer; what was asked may have happened all the same. Send the same again: it takes effect once."),
        TooManyChannelsException many => Of(ErrorCodes.Invalid, many.Message),
        DbUpdateConcurrencyException => Of(ErrorCodes.Conflict, "It was changed by somebody else at the same moment; read it again.") with { RetryAfter = TimeSpan.Zero },
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Of(ErrorCodes.TooLarge, "The body is larger than allowed."),
        BadHttpRequestException bad => new Problem(ErrorCodes.Invalid, bad.Message, bad.StatusCode),
        _ when DatabaseFailures.IsDuplicate(failure) => Of(ErrorCodes.Conflict, "It was created by somebody else at the same moment; read it again.") with { RetryAfter = TimeSpan.Zero },
        _ when DatabaseFailures.IsAway(failure) => Unavailable("The database does not answer; nothing was saved."),
        _ when DatabaseFailures.Within<TimeoutException>(failure) is not null => Unavailable("A part that is needed did not answer in time."),
        _ => Of(ErrorCodes.Internal, "Something broke that should not have, and is in the log; nothing was acknowledged."),
    };

    /// <summary>How an answer is told that has a status and nothing else, as the framework gives them.</summary>
    public static Problem From(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Of(ErrorCodes.Unauthorized, "A valid key or token is needed, as 'Authorization: Bearer …'."),
        StatusCodes.Status403Forbidden => Of(ErrorCodes.Forbidden, "This key or token may not do that."),
        StatusCodes.Status404NotFound => Of(ErrorCodes.NotFound, "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => new Problem(ErrorCodes.Invalid, "This address does not take that method; the Allow header names those it takes.", status),
        StatusCodes.Status413PayloadTooLarge => Of(ErrorCodes.TooLarge, "The body is larger than allowed."),
        StatusCodes.Status415UnsupportedMediaType => new Problem(ErrorCodes.Invalid, "The body has to be JSON, with 'Content-Type: application/json'.", status),
        StatusCodes.Status429TooManyRequests => Of(ErrorCodes.RateLimited, "Too many requests."),
        StatusCodes.Status503ServiceUnavailable => Unavailable("The service cannot answer now."),
        >= 500 => new Problem(ErrorCodes.Internal, "The request could not be answered.", status),
        _ => new Problem(ErrorCodes.Invalid, "The request could not be understood.", status),
    };

    private static Problem Of(string code, string detail) => new(code, detail, StatusOf(code));

    private static Problem Unavailable(string detail) => Of(ErrorCodes.Unavailable, detail) with { RetryAfter = RetryUnavailable };
}
