using FanHub.Realtime.Channels;
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
    internal sealed class Handler(FanHubDb db, IChannelLog log, TimeProvider time) : IRequestHandler<Command, RehearsalView>
    {
        // The node that plays it tells how far it is every second.
        private static readonly TimeSpan Silence = TimeSpan.FromSeconds(4);
        private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

        /// <inheritdoc />
        public async Task<RehearsalView> Handle(Command request, CancellationToken cancellationToken)
        {
            var rehearsal = await db.Rehearsals.SingleOrDefaultAsync(r => r.Id == request.Id && !r.RemovalAsked, cancellationToken) ?? throw FindRehearsals.NoSuch();
            rehearsal.StopAsked = true;
            rehearsal.RemovalAsked = request.Remove;
            await db.SaveChangesAsync(cancellationToken);
            if (request.Remove)
            {
                await RemovedAsync(request.Id, cancellationToken);
            }

            return RehearsalView.Of(rehearsal);
        }

        /// <summary>Waits until the node that plays it has removed it, or does so where that node is gone.</summary>
        private async Task RemovedAsync(string id, CancellationToken cancellationToken)
        {
            while (await db.Rehearsals.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellationToken) is { } left)
            {
                if (time.NowMs() - left.SeenAt > Silence)
                {
                    await ClearChannels.RunAsync(log, left.Channels, time.NowMs(), cancellationToken);
                    await db.Rehearsals.Where(r => r.Id == id).ExecuteDeleteAsync(cancellationToken);
                    return;
                }

                await Task.Delay(Look, time, cancellationToken);
            }
        }
    }
}
