using System.Diagnostics;
using FanHub.Contracts;
using FanHub.LoadTests.Editors;
using FanHub.LoadTests.Followers;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Publishing;

/// <summary>Publishes as editors do: announcements through the admin API, written beforehand.</summary>
/// <param name="editor">The editor.</param>
/// <param name="bytes">How many bytes of data an update has, about.</param>
internal sealed class EditorPublisher(EditorApi editor, int bytes) : IUpdatePublisher, IDisposable
{
    private const int DraftsAtOnce = 4;
    private const int Envelope = 110;
    private const int MostCharacters = 2_000;

    private readonly Dictionary<PublishedLog, Queue<(string Id, long Version)>> _drafts = [];
    private readonly SemaphoreSlim _oneByOne = new(1, 1);

    /// <inheritdoc/>
    public string Way => "through the admin API";

    /// <inheritdoc/>
    public async Task<PublishedLog> OpenAsync(string scenario, int updates, CancellationToken cancellationToken)
    {
        var log = new PublishedLog(await editor.MakeChannelAsync(scenario, cancellationToken));
        var drafts = new (string, long)[updates];
        await Parallel.ForAsync(0, updates, new ParallelOptions { MaxDegreeOfParallelism = DraftsAtOnce, CancellationToken = cancellationToken }, async (i, cancel) =>
            drafts[i] = await editor.DraftAnnouncementAsync(log.Channel, Text(), cancel));
        _drafts[log] = new Queue<(string, long)>(drafts);
        return log;
    }

    /// <inheritdoc/>
    public async Task PublishAsync(PublishedLog log, CancellationToken cancellationToken)
    {
        var dueAt = Stopwatch.GetTimestamp();
        // The next one goes out when the one before was answered: only so is their order known beforehand.
        await _oneByOne.WaitAsync(cancellationToken);
        try
        {
            var (id, version) = _drafts[log].TryDequeue(out var draft) ? draft : throw new LoadTestException("More updates were published than had been written.");
            log.Publishing($"{ItemKinds.Announcement}:{id}", version + 1, dueAt);
            await editor.PublishAnnouncementAsync(id, cancellationToken);
        }
        finally
        {
            _oneByOne.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oneByOne.Dispose();

    // Texts are limited by characters: where that is too few bytes, they are characters of three bytes.
    private string Text()
    {
        var wanted = Math.Max(1, bytes - Envelope);
        return wanted <= MostCharacters ? new string('x', wanted) : new string('•', Math.Min(MostCharacters, wanted / 3));
    }
}
