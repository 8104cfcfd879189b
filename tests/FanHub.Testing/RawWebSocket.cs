using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.Testing;

/// <summary>A WebSocket by hand, from the bytes of the HTTP request to those of the last frame: for what no library would send. Written from RFC 6455, and not from what the server does.</summary>
public sealed class RawWebSocket : IAsyncDisposable
{
    /// <summary>The opcode of a fragment that goes on.</summary>
    public const int Continuation = 0;

    /// <summary>The opcode of text.</summary>
    public const int Text = 1;

    /// <summary>The opcode of bytes.</summary>
    public const int Binary = 2;

    /// <summary>The opcode of a close.</summary>
    public const int Close = 8;

    /// <summary>The opcode of a ping.</summary>
    public const int Ping = 9;

    /// <summary>The opcode of a pong.</summary>
    public const int Pong = 10;

    /// <summary>The handshake of the hub protocol.</summary>
    public const string HubHandshake = """{"protocol":"json","version":1}""";

    /// <summary>The sample key of RFC 6455, section 1.3.</summary>
    public const string SampleKey = "dGhlIHNhbXBsZSBub25jZQ==";

    /// <summary>What the server makes of <see cref="SampleKey"/>, by the same section.</summary>
    public const string SampleAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private const char Separator = '\u001e';
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Queue<string> _messages = new();
    private readonly StringBuilder _unfinished = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    private RawWebSocket(Socket socket) => Socket = socket;

    /// <summary>What all goes through.</summary>
    public Socket Socket { get; }

    /// <summary>The payloads of pongs that came while something else was waited for.</summary>
    public List<byte[]> Pongs { get; } = [];

    /// <summary>How many of the hub protocol's pings came.</summary>
    public int HubPings { get; private set; }

    /// <summary>A TCP connection, on which nothing has been said yet.</summary>
    /// <param name="address">The node.</param>
    /// <param name="receiveBuffer">How much the kernel takes from the server while nobody reads.</param>
    public static async Task<RawWebSocket> DialAsync(Uri address, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return new RawWebSocket(socket);
    }

    /// <summary>A WebSocket on a socket that is connected and was opened in some other way.</summary>
    public static RawWebSocket Over(Socket socket) => new(socket);

    /// <summary>A WebSocket, on which the hub has not been spoken to yet.</summary>
    public static async Task<RawWebSocket> OpenAsync(Uri address, string? token = null, string query = "", int? receiveBuffer = null)
    {
        var socket = await DialAsync(address, receiveBuffer);
        await socket.SendAsync(Request(address, token, query));
        var head = await socket.ReadHeadAsync();
        return head.Status == 101 ? socket : throw new InvalidOperationException($"The server answered {head.Status}.");
    }

    /// <summary>A WebSocket that has shaken hands with the hub.</summary>
    public static async Task<RawWebSocket> ConnectAsync(Uri address, string? token = null, int? receiveBuffer = null)
    {
        var socket = await OpenAsync(address, token, receiveBuffer: receiveBuffer);
        await socket.SendMessageAsync(HubHandshake);
        var answer = await socket.ReadMessageAsync();
        return answer is "{}" ? socket : throw new InvalidOperationException($"The hub answered {answer}.");
    }

    /// <summary>An opening handshake, as bytes.</summary>
    /// <param name="address">The node.</param>
    /// <param name="token">The session's token.</param>
    /// <param name="query">With its question mark.</param>
    /// <param name="change">Puts something wrong into the text.</param>
    public static byte[] Request(Uri address, string? token = null, string query = "", Func<string, string>? change = null)
    {
        var text = $"GET {HubMethods.Path}{query} HTTP/1.1\r\nHost: {address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {SampleKey}\r\nSec-WebSocket-Version: 13\r\n"
            + (token is null ? "" : $"Authorization: Bearer {token}\r\n") + "\r\n";
        return Encoding.Latin1.GetBytes(change is null ? text : change(text));
    }

    /// <summary>A frame as clients write it.</summary>
    /// <param name="kind">The opcode.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="final">Whether the message ends with it.</param>
    /// <param name="reserved">Of the first byte, bits that nobody has agreed on.</param>
    /// <param name="masked">Clients always mask.</param>
    /// <param name="lengthBytes">How many bytes say the length where it is not said in the first two; absent: as few as it takes.</param>
    /// <param name="mask">The key.</param>
    public static byte[] Frame(int kind, ReadOnlySpan<byte> payload, bool final = true, byte reserved = 0, bool masked = true, int? lengthBytes = null, uint mask = 0x37FA213D)
    {
        var extra = lengthBytes ?? (payload.Length <= 125 ? 0 : payload.Length <= 65535 ? 2 : 8);
        var frame = new byte[2 + extra + (masked ? 4 : 0) + payload.Length];
        frame[0] = (byte)((final ? 0x80 : 0) | reserved | kind);
        frame[1] = (byte)((masked ? 0x80 : 0) | (extra == 0 ? payload.Length : extra == 2 ? 126 : 127));
        var rest = frame.AsSpan(2);
        if (extra == 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)payload.Length);
        }
        else if (extra == 8)
        {
            BinaryPrimitives.WriteUInt64BigEndian(rest, (ulong)payload.Length);
        }

        rest = rest[extra..];
        if (!masked)
        {
            payload.CopyTo(rest);
            return frame;
        }

        BinaryPrimitives.WriteUInt32BigEndian(rest, mask);
        for (var i = 0; i < payload.Length; i++)
        {
            rest[4 + i] = (byte)(payload[i] ^ rest[i % 4]);
        }

        return frame;
    }

    /// <summary>A message of the hub protocol, whole, as a frame.</summary>
    public static byte[] MessageFrame(string message) => Frame(Text, Encoding.UTF8.GetBytes(message + Separator));

    /// <summary>A close frame.</summary>
    public static byte[] CloseFrame(int code, string reason = "") => Frame(Close, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)]);

    /// <summary>A call of a hub method.</summary>
    public static string Call(string target, string arguments = "", int id = 1) => $$"""{"type":1,"invocationId":"{{id}}","target":"{{target}}","arguments":[{{arguments}}]}""";

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await Socket.SendAsync(bytes, SocketFlags.None, limit.Token)..];
        }
    }

    /// <summary>Sends a message of the hub protocol, in one frame.</summary>
    public Task SendMessageAsync(string message) => SendAsync(MessageFrame(message));

    /// <summary>Calls a hub method and waits for its completion.</summary>
    public async Task<JsonElement> InvokeAsync(string target, string arguments = "", int id = 1)
    {
        await SendMessageAsync(Call(target, arguments, id));
        return await ReadCompletionAsync(id);
    }

    /// <summary>Waits for the completion of a call; what comes before it is left out.</summary>
    public async Task<JsonElement> ReadCompletionAsync(int id = 1)
    {
        while (true)
        {
            var message = JsonSerializer.Deserialize<JsonElement>(await ReadMessageAsync() ?? throw new IOException("The server closed the connection."));
            if (message.TryGetProperty("type", out var type) && type.GetInt32() == 3 && message.GetProperty("invocationId").GetString() == id.ToString(CultureInfo.InvariantCulture))
            {
                return message;
            }
        }
    }

    /// <summary>Reads the head of an HTTP answer.</summary>
    public async Task<HttpHead> ReadHeadAsync()
    {
        var text = new StringBuilder();
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (_start == _end && !await FillAsync())
            {
                throw new IOException($"The connection ended after '{text}'.");
            }

            text.Append((char)_buffer[_start++]);
        }

        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines[1..].Select(l => l.Split(": ", 2)).ToLookup(l => l[0], l => l[1], StringComparer.OrdinalIgnoreCase);
        return new HttpHead(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers);
    }

    /// <summary>Reads the body that belongs to a head.</summary>
    public async Task<byte[]> ReadBodyAsync(HttpHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        if (head.Headers["Content-Length"].FirstOrDefault() is { } length)
        {
            return await ReadBytesAsync(int.Parse(length, CultureInfo.InvariantCulture)) ?? throw new IOException("The body is cut off.");
        }

        var body = new List<byte>();
        while (head.Headers["Transfer-Encoding"].Contains("chunked", StringComparer.Ordinal))
        {
            var size = 0;
            for (var c = await ReadByteAsync(); c != '\n'; c = await ReadByteAsync())
            {
                size = c == '\r' ? size : (size * 16) + Convert.ToInt32(((char)c).ToString(), 16);
            }

            body.AddRange(await ReadBytesAsync(size) ?? []);
            await ReadBytesAsync(2);
            if (size == 0)
            {
                break;
            }
        }

        return [.. body];
    }

    /// <summary>Reads the next frame.</summary>
    /// <returns>Null where the server ended the connection in between two frames.</returns>
    /// <exception cref="InvalidDataException">It is none that a server may send.</exception>
    /// <exception cref="IOException">The server ended the connection within the frame, or reset it.</exception>
    public async Task<RawFrame?> ReadFrameAsync()
    {
        if (await ReadBytesAsync(2, mayEnd: true) is not { } first)
        {
            return null;
        }

        if ((first[0] & 0x70) != 0 || (first[1] & 0x80) != 0)
        {
            throw new InvalidDataException($"A server's frame does not begin with {first[0]:X2} {first[1]:X2}.");
        }

        var length = first[1] & 0x7F;
        if (length == 126)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(await ReadBytesAsync(2));
            length = length > 125 ? length : throw new InvalidDataException($"{length} bytes are not said in two.");
        }
        else if (length == 127)
        {
            length = checked((int)BinaryPrimitives.ReadUInt64BigEndian(await ReadBytesAsync(8)));
            length = length > 65_535 ? length : throw new InvalidDataException($"{length} bytes are not said in eight.");
        }

        return new RawFrame(first[0] & 0x0F, (first[0] & 0x80) != 0, (await ReadBytesAsync(length))!);
    }

    /// <summary>Reads the next message of the hub protocol; its pings are counted, and left out.</summary>
    /// <returns>Null where a close frame comes instead, or the end.</returns>
    public async Task<string?> ReadMessageAsync()
    {
        while (true)
        {
            while (_messages.TryDequeue(out var message))
            {
                if (message is not """{"type":6}""")
                {
                    return message;
                }

                HubPings++;
            }

            switch (await ReadFrameAsync())
            {
                case { Kind: Text, Final: true } frame:
                    Split(frame.Payload);
                    break;
                case { Kind: Pong } pong:
                    Pongs.Add(pong.Payload);
                    break;
                case { Kind: Close } close:
                    CloseCode = close.Code;
                    return null;
                case null:
                    return null;
                case var other:
                    throw new InvalidDataException($"A server that only sends text sent {other}.");
            }
        }
    }

    /// <summary>The code of the close frame that came, 1005 for one without; null while none has.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>Reads until the server says good-bye, or is gone.</summary>
    /// <returns>The messages that came before.</returns>
    public async Task<IReadOnlyList<string>> ReadToCloseAsync()
    {
        var messages = new List<string>();
        while (await ReadMessageAsync() is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Whether the server ends the connection next, in order and without anything more to say.</summary>
    public async Task<bool> EndsAsync()
    {
        try
        {
            return _start == _end && !await FillAsync();
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Split(byte[] payload)
    {
        // Messages of the hub protocol need not end where frames do. Strict: text is UTF-8.
        _unfinished.Append(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(payload));
        var parts = _unfinished.ToString().Split(Separator);
        foreach (var message in parts[..^1])
        {
            _messages.Enqueue(message);
        }

        _unfinished.Clear().Append(parts[^1]);
    }

    private async Task<byte> ReadByteAsync() => (await ReadBytesAsync(1))![0];

    private async Task<byte[]?> ReadBytesAsync(int count, bool mayEnd = false)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            if (_start == _end && !await FillAsync())
            {
                return mayEnd && have == 0 ? null : throw new IOException("The server ended the connection within a frame.");
            }

            var take = Math.Min(count - have, _end - _start);
            _buffer.AsSpan(_start, take).CopyTo(bytes.AsSpan(have));
            _start += take;
            have += take;
        }

        return bytes;
    }

    private async Task<bool> FillAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            _start = 0;
            _end = await Socket.ReceiveAsync(_buffer, SocketFlags.None, limit.Token);
            return _end > 0;
        }
        catch (SocketException e)
        {
            _end = 0;
            throw new IOException("The server reset the connection.", e);
        }
        catch (OperationCanceledException e)
        {
            _end = 0;
            throw new TimeoutException($"Nothing came for {Limit.TotalSeconds} s.", e);
        }
    }
}

/// <summary>The head of an HTTP answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Headers">Its headers.</param>
public sealed record HttpHead(int Status, ILookup<string, string> Headers);

/// <summary>A frame that came.</summary>
/// <param name="Kind">Its opcode.</param>
/// <param name="Final">Whether the message ends with it.</param>
/// <param name="Payload">What it carries.</param>
public sealed record RawFrame(int Kind, bool Final, byte[] Payload)
{
    /// <summary>Of a close frame: its code, 1005 where it has none.</summary>
    public int Code => Payload.Length == 0 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(Payload);
}
