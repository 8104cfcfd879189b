using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Rehearsals;

/// <summary>Stops a rehearsal, or removes it. The node that plays it, which may be another one, looks every second.</summary>
internal static class EndRehearsal
{
    /// <summary>Asks for it.</summary>
    /// <param name="Id">The rehearsal.</param>
    /// <param name="Remove">Whether everything that it has shown is to go.</param>
    internal sealed record Command(string Id, bool Remove) : IRequest<RehearsalView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, TimeProvider time) : IRequestHandler<Command, RehearsalView>
    {
        // The node that plays it says so every second.
        private static readonly TimeSpan Gone = TimeSpan.FromSeconds(15);

        /// <inheritdoc />
        public async Task<RehearsalView> Handle(Command request, CancellationToken cancellationToken)
        {
            var rehearsal = await db.Rehearsals.SingleOrDefaultAsync(r => r.Id == request.Id && !r.RemovalAsked, cancellationToken) ?? throw FindRehearsals.NoSuch();
            rehearsal.StopAsked = true;
            rehearsal.RemovalAsked = request.Remove;
            if (request.Remove && time.NowMs() - rehearsal.SeenAt > Gone)
            {
                // Nobody is there who would do it.
                db.Rehearsals.Remove(rehearsal);
            }

            await db.SaveChangesAsync(cancellationToken);
            return RehearsalView.Of(rehearsal);
        }
    }
}
