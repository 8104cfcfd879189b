namespace FanHub.Server.Results.Desk;

/// <summary>What results are derived with, apart from documents.</summary>
internal sealed record DeskSettings
{
    /// <summary>The venue's time zone: the feed's times have no offset.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>The language of texts that do not say theirs.</summary>
    public required string Locale { get; init; }

    /// <summary>What is put before the name of every channel: nothing, or <c>rehearsal.{id}.</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The moment that a clock at the venue showed this.</summary>
    public DateTimeOffset AtVenue(DateTime local)
    {
        // A clock that is a day from either end of time has no moment in UTC.
        var bounded = new DateTime(Math.Clamp(local.Ticks, TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), DateTimeKind.Unspecified);
        return new DateTimeOffset(bounded, Zone.GetUtcOffset(bounded)).ToUniversalTime();
    }

    /// <summary>The day that it was at the venue.</summary>
    public DateOnly DayAtVenue(DateTimeOffset moment) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Zone).DateTime);
}
