using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace FanHub.Server.Hosting;

/// <summary>One page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">To be sent as <c>cursor</c> for the page after this one; absent on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Lists are read page by page; a cursor names the last item of the page before.</summary>
internal static class Paging
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    /// <summary>How many items a page has.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>.</exception>
    public static int Limit(int? asked) =>
        asked is null or (>= 1 and <= MaxLimit) ? asked ?? DefaultLimit : throw FieldErrors.Single("limit", $"has to be from 1 to {MaxLimit}");

    /// <summary>The id that a cursor names; null without one.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>: it is none of ours.</exception>
    public static string? After(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        try
        {
            var id = Base64Url.DecodeFromChars(cursor);
            return Utf8.IsValid(id) && id.Length <= 200 && !id.AsSpan().ContainsAnyInRange((byte)0, (byte)31) ? Encoding.UTF8.GetString(id) : throw new FormatException("Not a cursor.");
        }
        catch (FormatException)
        {
            throw FieldErrors.Single("cursor", "has to be the 'next' of the page before");
        }
    }

    /// <summary>Makes a page of what was read, which is one item more than fits where there is a next page.</summary>
    public static Page<TView> Of<T, TView>(List<T> read, int limit, Func<T, string> id, Func<T, TView> view) =>
        new([.. read.Take(limit).Select(view)], read.Count > limit ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id(read[limit - 1]))) : null);
}
