using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Peers;

/// <summary>Another server that delivers one message to many WebSockets, to compare with. It runs as a process of its own, which ends with this one.</summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>What it is.</summary>
    string Name { get; }

    /// <summary>Its processes.</summary>
    IReadOnlyList<int> Pids { get; }

    /// <summary>Makes a connection's conversation.</summary>
    /// <param name="number">The connection's number.</param>
    /// <param name="topic">What it listens to.</param>
    /// <param name="heard">Takes the messages.</param>
    Conversation Join(int number, string topic, Action<ReadOnlySpan<byte>, long> heard);

    /// <summary>How long a text has to be for its frame to have so many bytes of payload.</summary>
    int TextLength(int payload);

    /// <summary>Sends a text to all who listen to a topic.</summary>
    Task PublishAsync(string topic, string text, CancellationToken cancellationToken);
}
