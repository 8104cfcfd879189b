using System.ComponentModel.DataAnnotations;
using FanHub.Server.Channels;
using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Feed;

/// <summary>How the results feed is taken. Configuration section <c>FanHub:Odf</c>.</summary>
internal sealed class FeedOptions : IValidatableObject
{
    /// <summary>Where the options are bound from.</summary>
    public const string Section = "FanHub:Odf";

    private const int ShortestKey = 16;

    /// <summary>The key that the feed must present in <c>X-API-KEY</c>, at least 16 characters; absent or empty: the feed's endpoint answers 404.</summary>
    public string? ApiKey { get; set; }

    /// <summary><c>P</c> (the default) or <c>T</c>: which <c>FeedFlag</c> is accepted.</summary>
    [RegularExpression("^[PT]$")]
    public string Flag { get; set; } = "P";

    /// <summary>The venue's time zone, by its IANA name: the feed's times have no offset. By default <c>UTC</c>.</summary>
    [Required]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>The language of texts that do not say theirs, and the default one of the channels that results bring about; by default <c>en</c>.</summary>
    [Required]
    public string Locale { get; set; } = "en";

    /// <summary>The largest message, uncompressed, in bytes: 1 KiB to 100 MiB, by default 10 MiB.</summary>
    [Range(1024, 100 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>How far apart two updates of a unit on a channel are at least, unless its status changes: 0 to 10 s, by default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long messages are kept that were dealt with and of which nothing is held any more: 1 hour to 10 years, by default 90 days. Those that could not be read are kept until they
    /// are dealt with.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>A folder whose subfolders of messages may be played as rehearsals; absent: only stored messages may be.</summary>
    public string? ReplayDirectory { get; set; }

    /// <summary>How messages are to be read.</summary>
    public OdfReading Reading => new(TimeZoneInfo.FindSystemTimeZoneById(TimeZone), Locale);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(ApiKey) && (ApiKey.Length < ShortestKey || ApiKey.Any(c => c is <= ' ' or > '~')))
        {
            yield return new ValidationResult($"{Section}:ApiKey has to be at least {ShortestKey} visible ASCII characters.", [nameof(ApiKey)]);
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) || !zone.HasIanaId)
        {
            yield return new ValidationResult($"{Section}:TimeZone is \"{TimeZone}\", which is no time zone that this machine knows; it has to be a name like Europe/Paris.", [nameof(TimeZone)]);
        }

        if (!Locales.IsTag(Locale))
        {
            yield return new ValidationResult($"{Section}:Locale is \"{Locale}\"; it has to be a language tag like en.", [nameof(Locale)]);
        }
    }
}
