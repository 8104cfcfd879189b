using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace FanHub.LoadTests.Sockets;

/// <summary>
/// One WebSocket of thousands on a <see cref="SocketLoop"/>. It holds no memory for what comes, and makes no object for it; what a message means is its conversation's affair.
/// Everything here happens on the loop's thread.
/// </summary>
internal sealed class LeanSocket : IFrameHandler
{
    private const int MostPerAddress = 20_000;
    private const int FirstAddress = 0x000102;
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly SocketLoop _loop;
    private readonly Conversation _conversation;
    private readonly FrameReader _frames;
    private Piece _head;
    private Piece _unsent;
    private string _request = "";
    private int _file = -1;
    private int _place;
    private State _state;
    private bool _reads = true;
    private int _pace;

    /// <summary>Nothing happens yet.</summary>
    public LeanSocket(SocketLoop loop, Conversation conversation)
    {
        _loop = loop;
        _conversation = conversation;
        _frames = new FrameReader(this);
        conversation.Socket = this;
    }

    private enum State
    {
        Closed,
        Connecting,
        Upgrading,
        Open,
    }

    /// <summary>Whether messages can be sent.</summary>
    public bool IsOpen => _state == State.Open;

    /// <summary>Frames that were only a part of a message.</summary>
    public int Fragments => _frames.Fragments;

    /// <summary>Bytes that have come, HTTP not counted.</summary>
    public long Received { get; private set; }

    /// <summary>The loop that it belongs to.</summary>
    public SocketLoop Loop => _loop;

    /// <summary>Connects and asks for a WebSocket; the conversation hears of it when it is open, or when that failed.</summary>
    /// <param name="number">This connection's number: thousands share a source address, for an address has only so many ports.</param>
    /// <param name="port">The server's, on this machine.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="receiveBuffer">What the kernel may hold for it, in bytes; 0 for whatever it thinks best.</param>
    public void Connect(int number, int port, string path, int receiveBuffer = 0)
    {
        _request = $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bG9hZHRlc3Qtc29ja2V0IQ==\r\n\r\n";
        _file = Epoll.Checked(Libc.Socket(Libc.Inet, Libc.Stream | Libc.NonBlocking | Libc.CloseOnExec, 0), "socket");
        Set(Libc.TcpLevel, Libc.OptionNoDelay, 1);
        Set(Libc.IpLevel, Libc.OptionBindAddressNoPort, 1);
        if (receiveBuffer > 0)
        {
            Set(Libc.SocketLevel, Libc.OptionReceiveBuffer, receiveBuffer);
        }

        Epoll.Checked(Libc.Bind(_file, new InetAddress(FirstAddress + (number / MostPerAddress), 0), InetAddress.Length), "bind");
        if (Libc.Connect(_file, new InetAddress(1, port), InetAddress.Length) < 0 && Marshal.GetLastPInvokeError() is not Libc.InProgress)
        {
            Epoll.Checked(-1, "connect");
        }

        _state = State.Connecting;
        _place = _loop.Add(this);
        _loop.Watch(_file, Libc.Writable, _place, isNew: true);
    }

    /// <summary>Sends a text message.</summary>
    public void Send(ReadOnlySpan<byte> text) => SendFrame(0x1, text);

    /// <summary>Tells the server that this end is there.</summary>
    public void Ping()
    {
        if (_state == State.Open)
        {
            _conversation.Ping();
        }
    }

    /// <summary>Reads nothing any more, until <see cref="ReadAgain"/>; still learns when the server hangs up.</summary>
    public void StopReading()
    {
        _reads = false;
        _loop.Watch(_file, Libc.PeerClosed, _place, isNew: false);
    }

    /// <summary>Reads as fast as it comes.</summary>
    public void ReadAgain()
    {
        (_reads, _pace) = (true, 0);
        if (_state == State.Open)
        {
            _loop.Watch(_file, Libc.Readable, _place, isNew: false);
        }
    }

    /// <summary>Reads so many bytes a second at most, in steps of a tenth of a second.</summary>
    public void ReadSlowly(int bytesPerSecond)
    {
        StopReading();
        _pace = Math.Max(1, bytesPerSecond / 10);
        Step();

        void Step()
        {
            if (_state != State.Open || _pace == 0)
            {
                return;
            }

            Receive(_pace);
            _loop.After(TimeSpan.FromMilliseconds(100), Step);
        }
    }

    /// <summary>Closes the connection at once, as a network that goes away does not, but a device that is switched off does. The conversation is not told.</summary>
    public void Close()
    {
        if (_state == State.Closed)
        {
            return;
        }

        _state = State.Closed;
        _ = Libc.Close(_file);
        _loop.Remove(_place);
    }

    /// <summary>The kernel has something to tell.</summary>
    internal void Happened(uint what)
    {
        switch (_state)
        {
            case State.Connecting:
                Connected();
                break;
            case State.Upgrading or State.Open when _reads && (what & (Libc.Readable | Libc.HungUp | Libc.Error)) != 0:
                Receive(_loop.Buffer.Length);
                break;
            case State.Open when !_reads && (what & (Libc.PeerClosed | Libc.HungUp | Libc.Error)) != 0:
                End("The server closed the connection, with more to read.");
                break;
        }

        if ((what & Libc.Writable) != 0 && _state == State.Open)
        {
            SendUnsent();
        }
    }

    /// <inheritdoc/>
    void IFrameHandler.Message(ReadOnlySpan<byte> message, long arrivedAt)
    {
        if (_state == State.Open)
        {
            _conversation.Heard(message, arrivedAt);
        }
    }

    /// <inheritdoc/>
    void IFrameHandler.Ping(ReadOnlySpan<byte> payload) => SendFrame(0xA, payload);

    /// <inheritdoc/>
    void IFrameHandler.Closing(int code, string reason) => End($"The server closed the WebSocket with {code}: {reason}");

    private void Set(int level, int option, int value) => Epoll.Checked(Libc.SetOption(_file, level, option, value, sizeof(int)), "setsockopt");

    private void Connected()
    {
        var length = sizeof(int);
        _ = Libc.GetOption(_file, Libc.SocketLevel, Libc.OptionError, out var error, ref length);
        if (error != 0)
        {
            End($"Could not connect: {Marshal.GetPInvokeErrorMessage(error)}");
            return;
        }

        _state = State.Upgrading;
        _loop.Watch(_file, Libc.Readable, _place, isNew: false);
        SendRaw(Encoding.ASCII.GetBytes(_request));
        _request = "";
    }

    private void Receive(int most)
    {
        while (_state is State.Upgrading or State.Open)
        {
            var got = (int)Libc.Receive(_file, _loop.Buffer.AsSpan(0, most), most, 0);
            if (got <= 0)
            {
                var error = got < 0 ? Marshal.GetLastPInvokeError() : 0;
                if (error is not (Libc.Again or Libc.Interrupted))
                {
                    End(got == 0 ? "The server ended the connection." : Marshal.GetPInvokeErrorMessage(error));
                }

                return;
            }

            Take(_loop.Buffer.AsSpan(0, got), Stopwatch.GetTimestamp());

            // Less than there was room for: there was no more. What comes now is found at the next turn.
            if (got < most || _pace > 0)
            {
                return;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> bytes, long arrivedAt)
    {
        try
        {
            if (_state == State.Upgrading)
            {
                _head.Append(bytes);
                var end = _head.Bytes.IndexOf(EndOfHead);
                if (end < 0)
                {
                    return;
                }

                if (!_head.Bytes.StartsWith("HTTP/1.1 101"u8))
                {
                    End($"The server answered: {Encoding.ASCII.GetString(_head.Bytes[..Math.Min(_head.Length, 200)])}");
                    return;
                }

                var rest = _head.Bytes[(end + EndOfHead.Length)..].ToArray();
                _head = default;
                _state = State.Open;
                _conversation.Opened();
                bytes = rest;
            }

            Received += bytes.Length;
            _frames.Read(bytes, arrivedAt);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or KeyNotFoundException or FormatException)
        {
            // Whatever the server says that nobody understands ends this connection, and is a finding; the others go on.
            End(e.Message);
        }
    }

    private void SendFrame(byte code, ReadOnlySpan<byte> payload)
    {
        // A client has to mask; with a mask of zeros the bytes stay as they are.
        Span<byte> head = stackalloc byte[8];
        head[0] = (byte)(0x80 | code);
        var start = 2;
        if (payload.Length < 126)
        {
            head[1] = (byte)(0x80 | payload.Length);
        }
        else
        {
            if (payload.Length > ushort.MaxValue)
            {
                throw new ArgumentException("A message of a client is not that long.", nameof(payload));
            }

            head[1] = 0x80 | 126;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)payload.Length);
            start = 4;
        }

        head.Slice(start, 4).Clear();
        Span<byte> frame = stackalloc byte[payload.Length <= 1024 ? 1024 + 8 : 0];
        frame = frame.IsEmpty ? new byte[payload.Length + 8] : frame;
        head[..(start + 4)].CopyTo(frame);
        payload.CopyTo(frame[(start + 4)..]);
        SendRaw(frame[..(start + 4 + payload.Length)]);
    }

    private void SendRaw(ReadOnlySpan<byte> bytes)
    {
        if (_state == State.Closed)
        {
            return;
        }

        if (_unsent.Length > 0)
        {
            _unsent.Append(bytes);
            return;
        }

        var sent = Math.Max(0, (int)Libc.Send(_file, bytes, bytes.Length, Libc.NoSignal));
        if (sent < bytes.Length)
        {
            // A broken connection is noticed by reading it.
            _unsent.Append(bytes[sent..]);
            _loop.Watch(_file, (_reads ? Libc.Readable : Libc.PeerClosed) | Libc.Writable, _place, isNew: false);
        }
    }

    private void SendUnsent()
    {
        var sent = (int)Libc.Send(_file, _unsent.Bytes, _unsent.Length, Libc.NoSignal);
        if (sent > 0)
        {
            _unsent.RemoveFirst(sent);
        }

        if (_unsent.Length == 0)
        {
            _loop.Watch(_file, _reads ? Libc.Readable : Libc.PeerClosed, _place, isNew: false);
        }
    }

    private void End(string reason)
    {
        if (_state != State.Closed)
        {
            Close();
            _conversation.Lost?.Invoke(reason);
        }
    }
}
