using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Questions;

namespace FanHub.Server.Announcements;

/// <summary>What an editor says of an announcement: the body of <c>POST announcements</c> and <c>PUT announcements/{id}</c>.</summary>
internal sealed record AnnouncementBody
{
    /// <summary>The channel that it appears in. Needed to make an announcement; when it is changed, the same one or absent.</summary>
    public string? Channel { get; init; }

    /// <summary>Its title, by language, the channel's default one among them; at most 200 characters each.</summary>
    public Dictionary<string, string>? Title { get; init; }

    /// <summary>What it says beyond the title, by language, the channel's default one among them; at most 2000 characters each. Nothing where absent.</summary>
    public Dictionary<string, string>? Text { get; init; }

    /// <summary>How much it matters; <c>info</c> where absent.</summary>
    public AnnouncementSeverity? Severity { get; init; }

    /// <summary>Where it leads: an absolute https URL, or a path on the page's own site that begins with one slash; at most 2000 characters.</summary>
    public string? Link { get; init; }

    /// <summary>A picture: an absolute https URL of at most 2000 characters.</summary>
    public string? Image { get; init; }

    /// <summary>When it is to appear, within five years; absent: when somebody publishes it.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>When it is to go away, within five years; absent: when somebody revokes it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>The rules for an announcement's body.</summary>
internal static class AnnouncementRules
{
    private const int MaxTitle = 200;
    private const int MaxText = 2000;

    /// <summary>Checks the body and fills in what is absent.</summary>
    /// <param name="body">The body.</param>
    /// <param name="channel">The announcement's channel; null where there is no such channel, which is noted as a mistake.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="FanHubException"><c>invalid</c>, naming everything that is wrong.</exception>
    public static AnnouncementContent Check(AnnouncementBody body, Channel? channel, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        QuestionRules.CheckChannel(errors, body.Channel, channel);
        Locales.Check(errors, "title", body.Title, MaxTitle, channel?.DefaultLocale);
        if (body.Text is not null)
        {
            Locales.Check(errors, "text", body.Text, MaxText, channel?.DefaultLocale, lines: true);
        }

        errors.Check(body.Severity is null || Enum.IsDefined(body.Severity.Value), "severity", "has to be info or breaking");
        errors.Check(
            body.Link is null || WebLinks.IsAbsolute(body.Link) || WebLinks.IsPath(body.Link),
            "link",
            $"has to be an absolute https URL, or a path that begins with a single slash, of at most {WebLinks.MaxLength} characters, without user name and invisible characters");
        errors.Check(body.Image is null || WebLinks.IsAbsolute(body.Image), "image", $"has to be an absolute https URL of at most {WebLinks.MaxLength} characters, without user name and invisible characters");
        Moments.Check(errors, "opensAt", body.OpensAt, now);
        Moments.Check(errors, "expiresAt", body.ExpiresAt, now);
        errors.Check(body.ExpiresAt is null || body.OpensAt is null || body.ExpiresAt > body.OpensAt, "expiresAt", "has to be after opensAt");
        errors.ThrowIfAny();
        return new AnnouncementContent
        {
            Title = body.Title!,
            Text = body.Text,
            Severity = body.Severity ?? AnnouncementSeverity.Info,
            Link = body.Link,
            Image = body.Image,
            OpensAt = body.OpensAt,
            ExpiresAt = body.ExpiresAt,
        };
    }

    /// <summary>Refuses an announcement whose item would not fit into a channel: texts that are each short enough may together be too long.</summary>
    public static void CheckSize(Announcement announcement)
    {
        if (AnnouncementItems.LargestSize(announcement) > Item.MaxDataBytes)
        {
            throw FieldErrors.Single("text", $"together with the title takes more than {Item.MaxDataBytes / 1024} KiB");
        }
    }

    /// <summary>Refuses to publish an announcement that lacks a language which its channel requires.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>, naming the texts and the languages.</exception>
    public static void CheckLanguages(Announcement announcement, Channel channel)
    {
        var languages = new RequiredTexts(channel);
        languages.Check("title", announcement.Title);
        languages.Check("text", announcement.Text);
        languages.ThrowIfAny();
    }
}
