using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Fans;

namespace FanHub.LoadTests.Sockets;

/// <summary>What is said to a SignalR hub, in its JSON protocol.</summary>
internal abstract class SignalRConversation(int number, int port) : Conversation(number, port)
{
    private const byte Separator = 0x1e;
    private static readonly byte[] Handshake = [.. """{"protocol":"json","version":1}"""u8, Separator];

    private static readonly byte[] PingRecord = [.. """{"type":6}"""u8, Separator];

    private RecordReader? _records;

    /// <summary>WebSocket messages of this connection that held more than one record, or ended within one.</summary>
    public int Uneven => _records is null ? 0 : _records.Merged + _records.Split;

    /// <inheritdoc/>
    public override void Opened()
    {
        _records = new RecordReader(Take);
        Socket!.Send(Handshake);
    }

    /// <inheritdoc/>
    public override void Heard(ReadOnlySpan<byte> message, long arrivedAt) => _records!.Read(message, arrivedAt);

    /// <inheritdoc/>
    public override void Ping() => Socket!.Send(PingRecord);

    /// <summary>Calls a method of the hub.</summary>
    /// <param name="id">Comes back with the answer.</param>
    /// <param name="method">The method.</param>
    /// <param name="argument">Its one argument.</param>
    protected void Call(string id, string method, object argument)
    {
        var call = new { type = 1, invocationId = id, target = method, arguments = new[] { argument } };
        Socket!.Send([.. JsonSerializer.SerializeToUtf8Bytes(call, WireJson.Options), Separator]);
    }

    /// <summary>The hub takes calls now.</summary>
    protected abstract void Shaken();

    /// <summary>The hub calls.</summary>
    protected abstract void Called(ReadOnlySpan<byte> record, long arrivedAt);

    /// <summary>The hub answers a call.</summary>
    protected abstract void Answered(ReadOnlySpan<byte> record, long arrivedAt);

    private void Take(ReadOnlySpan<byte> record, long arrivedAt)
    {
        switch (SignalRJson.TypeOf(record))
        {
            case MessageType.Call:
                Called(record, arrivedAt);
                break;
            case MessageType.Completion:
                Answered(record, arrivedAt);
                break;
            case MessageType.Ping:
                break;
            case MessageType.Close:
                throw new InvalidDataException($"The hub closed the connection: {SignalRJson.ReadError(record)}");
            case MessageType.Handshake when SignalRJson.ReadError(record) is null:
                Shaken();
                break;
            default:
                throw new InvalidDataException($"Not a message of SignalR's JSON protocol: {Encoding.UTF8.GetString(record[..Math.Min(record.Length, 100)])}");
        }
    }
}
