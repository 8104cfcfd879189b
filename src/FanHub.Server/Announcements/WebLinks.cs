using System.Globalization;

namespace FanHub.Server.Announcements;

/// <summary>Addresses that pages may be sent to.</summary>
internal static class WebLinks
{
    /// <summary>The longest, in UTF-16 units.</summary>
    public const int MaxLength = 2000;

    private const string Https = "https://";

    /// <summary>Whether it is an absolute https URL.</summary>
    public static bool IsAbsolute(string link) =>
        IsClean(link)
        && link.StartsWith(Https, StringComparison.OrdinalIgnoreCase)
        && Uri.TryCreate(link, UriKind.Absolute, out var uri)
        && string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
        && uri.Host.Length > 0
        && !HasUserInfo(link);

    /// <summary>Whether it is a path on the page's own site. Browsers take two slashes for the beginning of another host, and a backslash for a slash.</summary>
    public static bool IsPath(string link) => IsClean(link) && link[0] == '/' && (link.Length == 1 || link[1] != '/');

    // What comes before an @ looks like the host to who reads it, and is a name and a password that go to another one. Also an empty one, which Uri does not tell from none.
    private static bool HasUserInfo(string link)
    {
        var authority = link.AsSpan(Https.Length);
        var end = authority.IndexOfAny('/', '?', '#');
        return (end < 0 ? authority : authority[..end]).Contains('@');
    }

    // What browsers leave out before they read an address would let it become another one; so would what turns the order around in which it is shown, or is not seen at all.
    private static bool IsClean(string link) => link.Length is > 0 and <= MaxLength
        && !link.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\' || char.GetUnicodeCategory(c) == UnicodeCategory.Format);
}
