using System.Collections.Concurrent;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;

namespace FanHub.Server.Ballots;

/// <summary>Finds what fans answer by its id: which channel it belongs to is asked of the ballot box once, its state is read from the node's copy of that channel.</summary>
internal sealed class Interactions(IBallotBox box, ChannelRelay relay, TimeProvider time)
{
    private const int MaxIdLength = 100;
    private const int MaxKnown = 100_000;
    private static readonly TimeSpan UnknownFor = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _channels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _unknown = new(StringComparer.Ordinal);

    /// <summary>The interaction as this node knows it now; null where it exists but fans have not been shown it, or are not any more.</summary>
    /// <exception cref="FanHubException"><c>not_found</c>: nobody ever registered it.</exception>
    /// <exception cref="BallotBoxUnavailableException">It cannot be looked up now.</exception>
    /// <exception cref="LogUnavailableException">Its channel cannot be loaded now.</exception>
    public async Task<Interaction?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var channel = await ChannelOfAsync(id, cancellationToken) ?? throw new FanHubException(ErrorCodes.NotFound, "There is nothing to answer under this id.");
        foreach (var kind in Interaction.Kinds)
        {
            if (await relay.FindItemAsync(channel, $"{kind}:{id}", cancellationToken) is { } entry)
            {
                return entry.Read(e => Interaction.Read(channel, e));
            }
        }

        return null;
    }

    /// <summary>
    /// A question that a quiz has left behind, as far back as this node holds the channel's log: it takes no more answers, but one whose receipt was lost on the way is still to be told
    /// that it counts. Null where it is not held.
    /// </summary>
    /// <param name="current">The quiz, at the question that it has come to.</param>
    /// <param name="question">The earlier question's id.</param>
    public Interaction? FindEarlier(Interaction current, string question) => relay
        .Earlier(current.Channel, $"{ItemKinds.Quiz}:{current.Question?.Quiz}")
        .Select(e => e.Read(entry => Interaction.Read(current.Channel, entry)))
        .FirstOrDefault(i => string.Equals(i.Question?.Question, question, StringComparison.Ordinal))?.AsClosed();

    /// <summary>The gates in a channel that this node holds: interactions whose running count only voters may see.</summary>
    public IEnumerable<Interaction> WithGates(string channel) =>
        Interaction.Kinds.SelectMany(kind => relay.Items(channel, kind)).Select(e => e.Read(entry => Interaction.Read(channel, entry))).Where(i => i.Gate is not null);

    private async Task<string?> ChannelOfAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Length is 0 or > MaxIdLength || (_unknown.TryGetValue(id, out var since) && time.GetElapsedTime(since) < UnknownFor))
        {
            return null;
        }

        if (_channels.Count > MaxKnown)
        {
            // Ids are cheap to look up again; who has been asked about lately comes back first.
            _channels.Clear();
        }

        // When a poll opens, thousands ask for it in the same moment: one look-up serves them all, and none of them can cancel it for the others.
        var lookup = _channels.GetOrAdd(id, i => new Lazy<Task<string?>>(async () => (await box.FindAsync(i, CancellationToken.None))?.Channel));
        try
        {
            if (await lookup.Value.WaitAsync(cancellationToken) is { } channel)
            {
                return channel;
            }

            _channels.TryRemove(new(id, lookup));
            if (_unknown.Count > MaxKnown)
            {
                _unknown.Clear();
            }

            _unknown[id] = time.GetTimestamp();
            return null;
        }
        catch when (lookup.Value.IsFaulted || lookup.Value.IsCanceled)
        {
            _channels.TryRemove(new(id, lookup));
            throw;
        }
    }
}
