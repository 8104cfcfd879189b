using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Peers;

/// <summary>Listens to a server that sends messages over a bare WebSocket, from the moment that it is open.</summary>
internal sealed class RawListener(int number, int port, string path, Action<ReadOnlySpan<byte>, long> heard) : Conversation(number, port)
{
    /// <inheritdoc/>
    public override string Path => path;

    /// <inheritdoc/>
    public override void Opened() => SayArrived();

    /// <inheritdoc/>
    public override void Heard(ReadOnlySpan<byte> message, long arrivedAt) => heard(message, arrivedAt);
}
