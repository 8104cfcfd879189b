using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Announcements;

/// <summary>Replaces what a draft or scheduled announcement says.</summary>
internal static class EditAnnouncement
{
    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, AnnouncementBody Body, IfMatch IfMatch) : IRequest<AnnouncementView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, TimeProvider time, DueClockSignal clock) : IRequestHandler<Command, AnnouncementView>
    {
        /// <inheritdoc />
        public async Task<AnnouncementView> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = time.NowMs();
            var announcement = await db.FindAnnouncementAsync(request.Id, request.IfMatch, cancellationToken);
            var channel = await db.ChannelOfAsync(announcement, cancellationToken);
            announcement.Edit(AnnouncementRules.Check(request.Body, channel, now), now);
            AnnouncementRules.CheckSize(announcement);
            if (announcement.State == AnnouncementState.Scheduled)
            {
                AnnouncementRules.CheckLanguages(announcement, channel);
            }

            db.AfterCommit(clock.Wake);
            await db.SaveChangesAsync(cancellationToken);
            return AnnouncementView.Of(announcement);
        }
    }
}
