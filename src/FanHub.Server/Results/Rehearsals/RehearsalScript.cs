using System.IO.Compression;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Feed;
using FanHub.Server.Results.Odf;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Rehearsals;

/// <summary>What a rehearsal plays: messages, in order, and when each came.</summary>
internal interface IRehearsalScript
{
    /// <summary>How many messages there are.</summary>
    Task<int> CountAsync(CancellationToken cancellationToken);

    /// <summary>The messages, uncompressed, some read ahead.</summary>
    IAsyncEnumerable<(DateTimeOffset At, ReadOnlyMemory<byte> Xml)> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>Messages that the feed sent, at the pace at which they came.</summary>
internal sealed class StoredScript(IServiceScopeFactory scopes, DateTimeOffset? from, DateTimeOffset? to) : IRehearsalScript
{
    private const int AtOnce = 50;

    // What comes in after it was counted does not belong to it.
    private long _end = long.MaxValue;

    /// <inheritdoc />
    public async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var chosen = Chosen(scope.ServiceProvider.GetRequiredService<FanHubDb>());
        _end = await chosen.MaxAsync(m => (long?)m.Id, cancellationToken) ?? 0;
        return await chosen.CountAsync(m => m.Id <= _end, cancellationToken);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<(DateTimeOffset At, ReadOnlyMemory<byte> Xml)> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = 0L;
        while (true)
        {
            List<FeedMessage> some;
            await using (var scope = scopes.CreateAsyncScope())
            {
                some = await Chosen(scope.ServiceProvider.GetRequiredService<FanHubDb>()).Where(m => m.Id > last && m.Id <= _end).OrderBy(m => m.Id).Take(AtOnce).ToListAsync(cancellationToken);
            }

            foreach (var message in some)
            {
                yield return (message.ReceivedAt, PackedContent.Unpack(message));
            }

            if (some.Count < AtOnce)
            {
                yield break;
            }

            last = some[^1].Id;
        }
    }

    private IQueryable<FeedMessage> Chosen(FanHubDb db)
    {
        var messages = db.FeedMessages.AsNoTracking().Where(m => m.Feed == FeedNames.Odf);
        messages = from is { } begin ? messages.Where(m => m.ReceivedAt >= begin) : messages;
        return to is { } end ? messages.Where(m => m.ReceivedAt < end) : messages;
    }
}

/// <summary>Files of a folder, in the order of their names, at the pace of the times in their headers.</summary>
internal sealed class FolderScript(string folder, OdfReading settings, int maxBytes) : IRehearsalScript
{
    /// <inheritdoc />
    public Task<int> CountAsync(CancellationToken cancellationToken) => Task.FromResult(Files().Count);

    /// <inheritdoc />
    public async IAsyncEnumerable<(DateTimeOffset At, ReadOnlyMemory<byte> Xml)> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var at = DateTimeOffset.MinValue;
        foreach (var file in Files())
        {
            var xml = await ReadAsync(file, cancellationToken);
            try
            {
                var local = OdfReader.ReadHeader(xml).LocalTime;
                at = new DateTimeOffset(local, settings.Zone.GetUtcOffset(local));
            }
            catch (OdfException)
            {
                // It is counted as unreadable when it is played; it comes right after the one before.
            }

            yield return (at, xml);
        }
    }

    private List<string> Files() =>
    [
        .. Directory.EnumerateFiles(folder).Where(f => f.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || f.EndsWith(".xml.gz", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal),
    ];

    private async Task<ReadOnlyMemory<byte>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var raw = File.OpenRead(file);
        await using Stream content = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        using var read = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            read.Write(buffer, 0, count);
            if (read.Length > maxBytes)
            {
                throw new FanHubException(Contracts.ErrorCodes.TooLarge, $"{Path.GetFileName(file)} has more than {maxBytes} bytes.");
            }
        }

        return read.ToArray();
    }
}
