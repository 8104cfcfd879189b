using FanHub.Contracts;
using FanHub.Server.Hosting;

namespace FanHub.Server.Announcements;

/// <summary>What an editor decides about an announcement.</summary>
internal sealed record AnnouncementContent
{
    /// <summary>Its title, by language.</summary>
    public required Dictionary<string, string> Title { get; init; }

    /// <summary>What it says beyond the title, by language; null where that is nothing.</summary>
    public Dictionary<string, string>? Text { get; init; }

    /// <summary>How much it matters.</summary>
    public required AnnouncementSeverity Severity { get; init; }

    /// <summary>Where it leads: an absolute https URL, or a path that begins with one slash.</summary>
    public string? Link { get; init; }

    /// <summary>A picture, an absolute https URL.</summary>
    public string? Image { get; init; }

    /// <summary>When it is to appear.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>When it is to go away.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An announcement. It alone decides which transitions there are; a wrong one is <c>conflict</c> and changes nothing.</summary>
internal sealed class Announcement
{
    private Announcement()
    {
    }

    /// <summary>A UUIDv7: announcements sort by the time they were made.</summary>
    public string Id { get; private init; } = null!;

    /// <summary>The channel that it appears in.</summary>
    public string Channel { get; private init; } = null!;

    /// <summary>Where in its life it is.</summary>
    public AnnouncementState State { get; private set; }

    /// <summary>Grows by one with every change; also the version of its item.</summary>
    public long Version { get; private set; }

    /// <inheritdoc cref="AnnouncementContent.Title" />
    public Dictionary<string, string> Title { get; private set; } = null!;

    /// <inheritdoc cref="AnnouncementContent.Text" />
    public Dictionary<string, string>? Text { get; private set; }

    /// <inheritdoc cref="AnnouncementContent.Severity" />
    public AnnouncementSeverity Severity { get; private set; }

    /// <inheritdoc cref="AnnouncementContent.Link" />
    public string? Link { get; private set; }

    /// <inheritdoc cref="AnnouncementContent.Image" />
    public string? Image { get; private set; }

    /// <summary>When it is to appear; once it is published, when it did.</summary>
    public DateTimeOffset? OpensAt { get; private set; }

    /// <summary>When it is to go away; once it has expired, when it did.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>When fans first got to see it; null where they never did.</summary>
    public DateTimeOffset? PublishedAt { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>A new draft.</summary>
    public static Announcement Draft(string channel, AnnouncementContent content, DateTimeOffset now)
    {
        var announcement = new Announcement { Id = Guid.CreateVersion7(now).ToString(), Channel = channel, State = AnnouncementState.Draft, Version = 1, CreatedAt = now, UpdatedAt = now };
        announcement.Take(content);
        return announcement;
    }

    /// <summary>Replaces what was written, while no fan has seen it.</summary>
    public void Edit(AnnouncementContent content, DateTimeOffset now)
    {
        Require("edited", AnnouncementState.Draft, AnnouncementState.Scheduled);
        Take(content);
        Changed(now);
    }

    /// <summary>Waits for its time.</summary>
    public void Schedule(DateTimeOffset now)
    {
        Require("scheduled", AnnouncementState.Draft);
        State = AnnouncementState.Scheduled;
        Changed(now);
    }

    /// <summary>Shows it from now on, or, where the clock publishes it, from the moment that was planned.</summary>
    public void Publish(DateTimeOffset opensAt, DateTimeOffset now)
    {
        Require("published", AnnouncementState.Draft, AnnouncementState.Scheduled);
        if (ExpiresAt <= now)
        {
            throw new FanHubException(ErrorCodes.Conflict, $"It would be published at {opensAt:O}, but expires at {ExpiresAt:O}: edit expiresAt first.");
        }

        State = AnnouncementState.Published;
        OpensAt = opensAt;
        PublishedAt = now;
        Changed(now);
    }

    /// <summary>Its time has passed. One that was scheduled may never have been seen: nobody was up all the while.</summary>
    public void Expire(DateTimeOffset now)
    {
        Require("expired", AnnouncementState.Scheduled, AnnouncementState.Published);
        if (ExpiresAt is not { } end || end > now)
        {
            throw new FanHubException(ErrorCodes.Conflict, $"An announcement that is {AnnouncementStates.Name(State)} cannot be expired before its time has passed.");
        }

        State = AnnouncementState.Expired;
        Changed(now);
    }

    /// <summary>Calls it off, while no fan has seen it.</summary>
    public void Cancel(DateTimeOffset now)
    {
        Require("cancelled", AnnouncementState.Draft, AnnouncementState.Scheduled);
        State = AnnouncementState.Cancelled;
        Changed(now);
    }

    /// <summary>Takes it away from every fan.</summary>
    public void Revoke(DateTimeOffset now)
    {
        Require("revoked", AnnouncementState.Published);
        State = AnnouncementState.Revoked;
        Changed(now);
    }

    private void Require(string done, params ReadOnlySpan<AnnouncementState> from)
    {
        if (!from.Contains(State))
        {
            var states = string.Join(" or ", from.ToArray().Select(AnnouncementStates.Name));
            throw new FanHubException(ErrorCodes.Conflict, $"An announcement that is {AnnouncementStates.Name(State)} cannot be {done}; it has to be {states}.");
        }
    }

    private void Take(AnnouncementContent content)
    {
        if (State == AnnouncementState.Scheduled && content.OpensAt is null)
        {
            throw FieldErrors.Single("opensAt", "is needed: the announcement is scheduled");
        }

        Title = content.Title;
        Text = content.Text;
        Severity = content.Severity;
        Link = content.Link;
        Image = content.Image;
        OpensAt = content.OpensAt;
        ExpiresAt = content.ExpiresAt;
    }

    private void Changed(DateTimeOffset now)
    {
        Version++;
        UpdatedAt = now;
    }
}
