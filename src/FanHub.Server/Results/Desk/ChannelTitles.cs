using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>What channels are called that results bring about: only until an editor calls them something else, so the first name that came will do.</summary>
internal sealed class ChannelTitles(DeskSettings settings, DeskChannels channels, UnitTables tables, ScheduleDays schedule)
{
    private readonly Dictionary<string, Dictionary<string, string>> _sports = new(StringComparer.Ordinal);

    /// <summary>Notes what a message calls its discipline.</summary>
    public void Note(OdfMessage message)
    {
        var name = message.Content switch
        {
            OdfTable table => table.SportName,
            OdfMedallists medallists => medallists.SportName,
            _ => null,
        };
        if (!string.IsNullOrWhiteSpace(name))
        {
            var channel = channels.Sport(DocumentTypes.Sport(message.Header.DocumentCode));
            var names = _sports.TryGetValue(channel, out var known) ? known : _sports[channel] = new(StringComparer.Ordinal);
            names.TryAdd(OdfLanguages.Tag(message.Header.Language, settings.Locale), name);
        }
    }

    /// <summary>A channel's title by language, the default locale always among them.</summary>
    public IReadOnlyDictionary<string, string> Of(string channel)
    {
        var titles = new Dictionary<string, string>(Known(channel), StringComparer.Ordinal);
        if (!titles.ContainsKey(settings.Locale))
        {
            var closest = titles.FirstOrDefault(t => OdfLanguages.IsDefault(t.Key, settings.Locale)).Value ?? titles.Values.FirstOrDefault();
            titles[settings.Locale] = closest ?? Plain(channels.Bare(channel));
        }

        return titles;
    }

    private IReadOnlyDictionary<string, string> Known(string channel)
    {
        if (_sports.TryGetValue(channel, out var sport))
        {
            return sport;
        }

        if (tables.CodeOf(channel) is not { } code)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        var titles = tables.OfUnit(code).Select(ResultTexts.Titles).FirstOrDefault(static t => t.Count > 0);
        return titles ?? schedule.NameOf(code) ?? new Dictionary<string, string>(StringComparer.Ordinal);
    }

    /// <summary>From the name alone: <c>sport.swm</c> is SWM, <c>medals</c> is Medals.</summary>
    private static string Plain(string channel)
    {
        var dot = channel.IndexOf('.', StringComparison.Ordinal);
        if (dot >= 0 && dot < channel.Length - 1)
        {
            return channel[(dot + 1)..].ToUpperInvariant();
        }

        return channel.Length == 0 ? "?" : string.Concat(char.ToUpperInvariant(channel[0]).ToString(), channel.AsSpan(1));
    }
}
