using FanHub.Contracts;
using FanHub.Server.Hosting;

namespace FanHub.Server.Live;

/// <summary>The language that a client asks for.</summary>
internal static class LiveLocale
{
    private const int MaxLength = 35;

    /// <summary>Lets through what could be a BCP 47 tag, and none at all.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>.</exception>
    public static void ThrowIfInvalid(string? locale)
    {
        if (locale is not null && (locale.Length is 0 or > MaxLength || locale.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-')))
        {
            throw new FanHubException(ErrorCodes.Invalid, "locale has to be a BCP 47 tag, as fr-CA.");
        }
    }
}
