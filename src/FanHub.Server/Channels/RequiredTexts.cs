using FanHub.Server.Hosting;

namespace FanHub.Server.Channels;

/// <summary>Gathers the languages that a channel requires and that texts lack, before an item is published there.</summary>
/// <param name="channel">The channel.</param>
internal sealed class RequiredTexts(Channel channel)
{
    private readonly FieldErrors _errors = new();
    private readonly string[] _required = [channel.DefaultLocale, .. channel.RequiredLocales];

    /// <summary>Notes what a text lacks.</summary>
    /// <param name="field">Where it is in the body.</param>
    /// <param name="texts">The text, by language; null where there is none, which lacks nothing.</param>
    public void Check(string field, IReadOnlyDictionary<string, string>? texts)
    {
        if (texts is null)
        {
            return;
        }

        var missing = Locales.Missing(texts, _required).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        _errors.Check(missing.Count == 0, field, $"lacks {string.Join(", ", missing)}, which the channel requires");
    }

    /// <summary>Refuses the item if anything is missing.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>, naming it.</exception>
    public void ThrowIfAny() => _errors.ThrowIfAny();
}
