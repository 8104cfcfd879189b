using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Peers;

/// <summary>A peer that speaks bare WebSockets: what is posted to it reaches its listeners as it is.</summary>
/// <param name="name">What it is called.</param>
/// <param name="folder">What it needs on disk; deleted with it.</param>
/// <param name="process">The server.</param>
/// <param name="listenAt">Where one listens to a topic.</param>
/// <param name="publishAt">Where one publishes in a topic.</param>
internal sealed class RawPeer(string name, DirectoryInfo folder, PeerProcess process, Func<string, string> listenAt, Func<string, string> publishAt) : IPeer
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<int> Pids => process.Pids;

    /// <inheritdoc/>
    public Conversation Join(int number, string topic, Action<ReadOnlySpan<byte>, long> heard) => new RawListener(number, process.Port, listenAt(topic), heard);

    /// <inheritdoc/>
    public int TextLength(int payload) => payload;

    /// <inheritdoc/>
    public Task PublishAsync(string topic, string text, CancellationToken cancellationToken) => process.PostAsync(publishAt(topic), text, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
