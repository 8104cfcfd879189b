using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Board;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Feed;

/// <summary>The worker's side of the database. For one term of one node: it remembers which rows there are.</summary>
internal sealed class FeedStore(IServiceScopeFactory scopes, FeedLeases leases, FeedWriteTurn turn, long term, string defaultLocale, TimeProvider time)
{
    private readonly HashSet<string> _documents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _items = new(StringComparer.Ordinal);
    private readonly HashSet<(string Channel, string Key)> _places = [];
    private readonly HashSet<string> _channels = new(StringComparer.Ordinal);

    /// <summary>Reads the board, and what there is.</summary>
    public async Task<IReadOnlyList<BoardItem>> LoadBoardAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        _channels.UnionWith(await db.Channels.Select(c => c.Id).ToListAsync(cancellationToken));
        await foreach (var place in db.BoardPlaces.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            _places.Add((place.Channel, place.Key));
        }

        var items = await db.BoardItems.AsNoTracking().ToListAsync(cancellationToken);
        _items.UnionWith(items.Select(i => i.Key));
        return items;
    }

    /// <summary>Reads the held documents and the messages that hold them, some at a time.</summary>
    public async IAsyncEnumerable<IReadOnlyList<(HeldDocument Document, FeedMessage? Message)>> LoadDocumentsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int AtOnce = 200;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var documents = await db.HeldDocuments.AsNoTracking().ToListAsync(cancellationToken);
        _documents.UnionWith(documents.Select(d => d.Key));
        foreach (var some in documents.Chunk(AtOnce))
        {
            var ids = some.Where(d => d.Message is not null).Select(d => d.Message!.Value).ToList();
            var messages = await db.FeedMessages.AsNoTracking().Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => m.Id, cancellationToken);
            yield return [.. some.Select(d => (d, d.Message is { } id ? messages.GetValueOrDefault(id) : null))];
        }
    }

    /// <summary>The messages that have waited longest.</summary>
    /// <param name="atMost">How many at most.</param>
    /// <param name="bytesAtMost">How many bytes they may have together, uncompressed; the first one may have more.</param>
    /// <param name="but">Those that somebody is dealing with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<List<FeedMessage>> NextAsync(int atMost, long bytesAtMost, IReadOnlyList<long> but, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var messages = new List<FeedMessage>();
        var bytes = 0L;
        var waiting = db.FeedMessages.AsNoTracking().Where(m => m.State == FeedMessageState.Waiting);
        waiting = but.Count > 0 ? waiting.Where(m => !but.Contains(m.Id)) : waiting;
        await foreach (var message in waiting.OrderBy(m => m.Id).Take(atMost).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            bytes += message.Size;
            if (messages.Count > 0 && bytes > bytesAtMost)
            {
                break;
            }

            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Keeps the lease while nothing is saved.</summary>
    /// <exception cref="FeedLeaseLostException">Another node derives results now.</exception>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var mine = await turn.EnterAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        await leases.RenewAsync(scope.ServiceProvider.GetRequiredService<FanHubDb>(), term, cancellationToken);
    }

    /// <summary>One message; null where it is not kept any more.</summary>
    public async Task<FeedMessage?> FindAsync(long message, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FanHubDb>().FeedMessages.AsNoTracking().SingleOrDefaultAsync(m => m.Id == message, cancellationToken);
    }

    /// <summary>What is held of a document, as it is saved; null where nothing ever came.</summary>
    public async Task<HeldDocument?> FindDocumentAsync(string key, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FanHubDb>().HeldDocuments.AsNoTracking().SingleOrDefaultAsync(d => d.Key == key, cancellationToken);
    }

    /// <summary>Saves a round, all or nothing, and renews the lease with it.</summary>
    /// <param name="step">What came of it.</param>
    /// <param name="published">Items of which every channel is known to have a version.</param>
    /// <param name="board">What is shown now.</param>
    /// <param name="titleOf">The title of a channel that there is not yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FeedLeaseLostException">Another node derives results now; nothing was saved.</exception>
    public async Task SaveAsync(
        FeedStep step, IReadOnlyList<KeyValuePair<string, long>> published, ResultBoard board, Func<string, IReadOnlyDictionary<string, string>> titleOf, CancellationToken cancellationToken)
    {
        using var mine = await turn.EnterAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await leases.RenewAsync(db, term, cancellationToken);
        db.ChangeTracker.AutoDetectChangesEnabled = false;

        foreach (var message in step.Messages)
        {
            var row = db.Attach(message);
            foreach (var name in (string[])[nameof(message.State), nameof(message.Outcome), nameof(message.Reason), nameof(message.Flagged), nameof(message.Defects), nameof(message.ProcessedAt), nameof(message.ItemVersion), nameof(message.MadeItem)])
            {
                row.Property(name).IsModified = true;
            }
        }

        foreach (var document in step.Documents.Values)
        {
            db.Entry(document).State = _documents.Contains(document.Key) ? EntityState.Modified : EntityState.Added;
        }

        NotePublished(published, board);
        var shown = step.Updates.Select(u => u.Key).Distinct(StringComparer.Ordinal).Select(board.Find).OfType<BoardItem>().ToList();
        foreach (var item in shown)
        {
            db.Entry(item).State = _items.Contains(item.Key) ? EntityState.Modified : EntityState.Added;
        }

        foreach (var item in published.Select(p => board.Find(p.Key)).OfType<BoardItem>().Except(shown))
        {
            // Without what it says, which is most of it.
            var row = db.Attach(item);
            row.Property(i => i.PublishedVersion).IsModified = true;
            row.Property(i => i.LeftChannels).IsModified = true;
        }

        var places = step.Updates.SelectMany(u => u.Channels.Select(c => (Channel: c, u.Key))).Where(p => !_places.Contains(p)).Distinct().ToList();
        db.BoardPlaces.AddRange(places.Select(p => new BoardPlace(p.Channel, p.Key)));
        var channels = places.Select(p => p.Channel).Distinct(StringComparer.Ordinal).Where(c => !_channels.Contains(c)).ToList();
        // Editors make channels, too.
        var made = channels.Count == 0 ? [] : await db.Channels.Where(c => channels.Contains(c.Id)).Select(c => c.Id).ToListAsync(cancellationToken);
        db.Channels.AddRange(channels.Except(made, StringComparer.Ordinal).Select(c => NewChannel(c, titleOf(c))));

        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        _documents.UnionWith(step.Documents.Keys);
        _items.UnionWith(shown.Select(i => i.Key));
        _places.UnionWith(places);
        _channels.UnionWith(channels);
    }

    private static void NotePublished(IReadOnlyList<KeyValuePair<string, long>> published, ResultBoard board)
    {
        foreach (var (key, version) in published)
        {
            if (board.Find(key) is not { } item)
            {
                continue;
            }

            item.PublishedVersion = Math.Max(item.PublishedVersion, version);
            if (item.PublishedVersion == item.Version && item.LeftChannels.Count > 0)
            {
                item.LeftChannels = [];
            }
        }
    }

    private Channel NewChannel(string id, IReadOnlyDictionary<string, string> title)
    {
        var now = time.NowMs();
        return new Channel { Id = id, Title = new Dictionary<string, string>(title, StringComparer.Ordinal), DefaultLocale = defaultLocale, RequiredLocales = [], CreatedAt = now, UpdatedAt = now };
    }
}
