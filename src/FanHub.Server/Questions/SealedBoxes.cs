using System.Collections.Concurrent;
using FanHub.Server.Ballots;
using FanHub.Server.Storage;

namespace FanHub.Server.Questions;

/// <summary>
/// Finds boxes that were sealed by somebody who did not get to save what follows: sealing is for ever, so that it has to be gone through with. It may also be that somebody is
/// just about to save it: then it is waited for.
/// </summary>
internal sealed class SealedBoxes(IBallotBox box, EditorialDatabase database, TimeProvider time)
{
    private static readonly TimeSpan HealAfter = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _since = new(StringComparer.Ordinal);

    // Where this node is the only one, nobody can be closing anything when it begins.
    private volatile bool _healAtOnce = !database.IsShared;

    /// <summary>From now on a sealed box may be one that this very node is about to save.</summary>
    public void StartIsOver() => _healAtOnce = false;

    /// <summary>When each of these boxes, whose questions are open, is to be closed because it was found sealed; those that are not are left out.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> HealAtAsync(IReadOnlyCollection<string> open, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // All at once: the client library sends them as one pipeline.
        var infos = await Task.WhenAll(open.Select(async id => (Id: id, Info: await box.FindAsync(id, cancellationToken))));
        var found = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (id, info) in infos)
        {
            if (info is { Sealed: true })
            {
                found[id] = _since.GetOrAdd(id, now) + (_healAtOnce ? TimeSpan.Zero : HealAfter);
            }
            else
            {
                _since.TryRemove(id, out _);
            }
        }

        return found;
    }

    /// <summary>Its question is closed: there is nothing to heal any more.</summary>
    public void Closed(string id) => _since.TryRemove(id, out _);
}
