namespace FanHub.Server.Fans;

/// <summary>The little that is known of fans beside their ballots: the name that one chose, where one asked for more time, and who is to be forgotten.</summary>
/// <remarks>
/// Promised by every implementation (one suite of tests runs against all): a change is there for all nodes when its method returns; of a forgotten fan nothing can be kept any more, whichever
/// node is asked. All methods throw <see cref="FanProfilesUnavailableException"/> within a few seconds where the store cannot be reached; whether a change happened is then unknown, and repeating
/// it is safe. Fans are numbers of 0 to <see cref="Ballots.BallotRules.MaxFan"/>.
/// </remarks>
internal interface IFanProfiles
{
    /// <summary>How many names are found at once.</summary>
    const int MaxNames = 1_000;

    /// <summary>How long it is kept who asked for more time on a quiz, from when somebody last did.</summary>
    static TimeSpan MoreTimeKept => TimeSpan.FromDays(30);

    /// <summary>The name that the fan chose; null where there is none.</summary>
    Task<string?> FindNameAsync(long fan, CancellationToken cancellationToken = default);

    /// <summary>The names that fans chose, by the fan's number; those who chose none are not in it.</summary>
    /// <param name="fans">Up to <see cref="MaxNames"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">They are more.</exception>
    Task<IReadOnlyDictionary<long, string>> FindNamesAsync(IReadOnlyCollection<long> fans, CancellationToken cancellationToken = default);

    /// <summary>Gives the fan a name in place of an earlier one, or takes it away.</summary>
    /// <param name="fan">The fan.</param>
    /// <param name="name">The name, as <see cref="DisplayNames"/> let it through; null to take it away.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FanForgottenException">The fan has been forgotten.</exception>
    Task SetNameAsync(long fan, string? name, CancellationToken cancellationToken = default);

    /// <summary>Notes that the fan asked for more time on a quiz. Asking again changes nothing.</summary>
    /// <param name="quiz">The quiz.</param>
    /// <param name="fan">The fan.</param>
    /// <param name="at">When, to the millisecond.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>When the fan first asked.</returns>
    /// <exception cref="FanForgottenException">The fan has been forgotten.</exception>
    Task<DateTimeOffset> AskMoreTimeAsync(string quiz, long fan, DateTimeOffset at, CancellationToken cancellationToken = default);

    /// <summary>When the fan first asked for more time on a quiz; null where that did not happen.</summary>
    Task<DateTimeOffset?> FindMoreTimeAsync(string quiz, long fan, CancellationToken cancellationToken = default);

    /// <summary>How many fans asked for more time on a quiz.</summary>
    Task<long> CountMoreTimeAsync(string quiz, CancellationToken cancellationToken = default);

    /// <summary>Whether any fan asked for more time on a quiz before a moment, not at it: what opens at the moment has to stay open for longer.</summary>
    Task<bool> AnyMoreTimeBeforeAsync(string quiz, DateTimeOffset moment, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes the fan's name and wishes for more time, and notes the number as forgotten for as long as a token may be about (<see cref="FanSessionOptions.TokensLive"/>). Forgetting again
    /// renews the moment. Ballots are not touched: see <see cref="ForgottenFans"/>.
    /// </summary>
    /// <returns>The moment, by the store's own clock, which is the same for all nodes.</returns>
    Task<DateTimeOffset> ForgetAsync(long fan, CancellationToken cancellationToken = default);

    /// <summary>Those forgotten at or after a moment of the store's clock, in the order of their moments. Read in pages; some may come twice.</summary>
    IAsyncEnumerable<ForgottenFan> ForgottenSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken = default);

    /// <summary>Notes as forgotten again those whom a store that lost its memory has lost; whom it has is left as it is. Whoever's time is over already may be left out.</summary>
    Task RestoreForgottenAsync(IReadOnlyCollection<ForgottenFan> fans, CancellationToken cancellationToken = default);
}

/// <summary>A fan who is to be forgotten.</summary>
/// <param name="Fan">The number.</param>
/// <param name="At">Since when, by the store's clock, to the microsecond.</param>
internal readonly record struct ForgottenFan(long Fan, DateTimeOffset At);

/// <summary>The store cannot be reached or did not answer in time.</summary>
internal sealed class FanProfilesUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The fan has been forgotten: nothing is kept of this number any more.</summary>
internal sealed class FanForgottenException() : Exception("This fan has been forgotten.");
