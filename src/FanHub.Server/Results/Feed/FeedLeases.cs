using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Feed;

/// <summary>Another node has taken over what this one did.</summary>
internal sealed class FeedLeaseLostException() : Exception("Another node derives results now.");

/// <summary>
/// Decides which node derives results. Whoever has the lease names its term in every transaction (<see cref="RenewAsync"/>): a node that slept through the end of its lease changes nothing
/// any more, whatever the clocks say. Clocks that differ only make a change of hands early or late.
/// </summary>
internal sealed class FeedLeases(IServiceScopeFactory scopes, EditorialDatabase where, TimeProvider time)
{
    /// <summary>How long a lease lasts that is not renewed.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    private const string Name = "results";

    // For people who look into the table; it is the term that counts.
    private static readonly string Holder = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Takes the lease, if nobody has it.</summary>
    /// <returns>Its term; null where another node has it.</returns>
    public async Task<long?> TryTakeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var now = time.NowMs();
        var lease = await db.FeedLeases.AsNoTracking().SingleOrDefaultAsync(l => l.Name == Name, cancellationToken);
        if (lease is null)
        {
            db.FeedLeases.Add(new FeedLease { Name = Name, Holder = Holder, Term = 1, Until = now + Length });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return 1;
            }
            catch (DbUpdateException failure) when (DatabaseFailures.IsDuplicate(failure))
            {
                return null;
            }
        }

        // A file is this process's alone: whoever had the lease is gone.
        if (where.IsShared && lease.Until > now)
        {
            return null;
        }

        var until = now + Length;
        var term = lease.Term + 1;
        var taken = await db.FeedLeases.Where(l => l.Name == Name && l.Term == lease.Term && l.Until == lease.Until)
            .ExecuteUpdateAsync(l => l.SetProperty(x => x.Holder, Holder).SetProperty(x => x.Term, term).SetProperty(x => x.Until, until), cancellationToken);
        return taken == 1 ? term : null;
    }

    /// <summary>Makes the lease last from now, as the first statement of a transaction that nobody else's can overtake.</summary>
    /// <exception cref="FeedLeaseLostException">Another node has it.</exception>
    public async Task RenewAsync(FanHubDb db, long term, CancellationToken cancellationToken)
    {
        var until = time.NowMs() + Length;
        if (await db.FeedLeases.Where(l => l.Name == Name && l.Term == term).ExecuteUpdateAsync(l => l.SetProperty(x => x.Until, until), cancellationToken) == 0)
        {
            throw new FeedLeaseLostException();
        }
    }

    /// <summary>Gives it up, so that another node need not wait.</summary>
    public async Task ReleaseAsync(long term, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        await db.FeedLeases.Where(l => l.Name == Name && l.Term == term).ExecuteUpdateAsync(l => l.SetProperty(x => x.Until, DateTimeOffset.UnixEpoch), cancellationToken);
    }
}
