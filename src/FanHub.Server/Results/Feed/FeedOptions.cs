using System.ComponentModel.DataAnnotations;

namespace FanHub.Server.Results.Feed;

/// <summary>How the results feed is taken. Configuration section <c>FanHub:Odf</c>.</summary>
internal sealed class FeedOptions
{
    /// <summary>The key that the feed must present in <c>X-API-KEY</c>; absent: the feed's endpoint answers 404.</summary>
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
}
