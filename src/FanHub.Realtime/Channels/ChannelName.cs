using System.Text.RegularExpressions;

namespace FanHub.Realtime.Channels;

/// <summary>What a channel may be called: lower-case letters, digits, dots, hyphens and underscores, starting with a letter or digit, at most 100 characters.</summary>
public static partial class ChannelName
{
    /// <summary>Whether <paramref name="name"/> could be a channel's.</summary>
    public static bool IsValid(string? name) => name is not null && Pattern().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,99}\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
