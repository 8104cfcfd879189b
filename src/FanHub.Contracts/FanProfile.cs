namespace FanHub.Contracts;

/// <summary>Answer to <c>GET</c> and <c>PUT /api/v1/fans/me</c>: a fan, as the fan sees it.</summary>
/// <param name="Fan">The fan's id, as in <see cref="FanSession"/>.</param>
/// <param name="Name">What others see, 1 to 24 characters.</param>
/// <param name="Chosen">Whether the fan chose it; false for "Fan 1234".</param>
public sealed record FanProfile(string Fan, string Name, bool Chosen);
