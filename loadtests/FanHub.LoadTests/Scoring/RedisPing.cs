using System.Diagnostics;
using System.Net.Sockets;
using FanHub.LoadTests.Measuring;

namespace FanHub.LoadTests.Scoring;

/// <summary>A client of Redis that wants next to nothing, a thousand times a second: how long it waits is how long everybody else does.</summary>
internal sealed class RedisPing : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly TcpClient _client;
    private readonly Thread _thread;
    private volatile bool _stop;

    /// <summary>Begins.</summary>
    /// <param name="address">Redis, as <c>host:port</c>.</param>
    public RedisPing(string address)
    {
        var colon = address.LastIndexOf(':');
        _client = new TcpClient(address[..colon], int.Parse(address.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture)) { NoDelay = true };
        _thread = new Thread(Run) { IsBackground = true, Name = "ping" };
        _thread.Start();
    }

    /// <summary>How long it waited each time.</summary>
    public Histogram Times { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        _client.Dispose();
    }

    // Of its own thread, and without anything in between: what the rest of this process is busy with must not be in it.
    private void Run()
    {
        var stream = _client.GetStream();
        var answer = new byte[64];
        while (!_stop)
        {
            var sentAt = Stopwatch.GetTimestamp();
            stream.Write("PING\r\n"u8);
            if (stream.Read(answer) == 0)
            {
                return;
            }

            Times.Add(Stopwatch.GetElapsedTime(sentAt));
            Thread.Sleep(Pause);
        }
    }
}
