using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Realtime.WebSockets;

/// <summary>One in a hundred reads nothing. What comes of it, and for whom.</summary>
public sealed partial class StalledReaderTests : IAsyncLifetime
{
    private const string Channel = "medals";
    private const int Others = 200;
    private const int Stalled = 2;
    private const int FrameBytes = 60_000;
    private static readonly byte[] Data = Encoding.UTF8.GetBytes($$"""{"filler":"{{new string('x', FrameBytes - 200)}}"}""");

    private readonly FakeTimeProvider _clock = new();
    private readonly List<Reader> _readers = [];
    private readonly List<Reader> _stalled = [];
    private IChannelLog _log = null!;
    private RelayHost _node = null!;
    private int _published;

    public async ValueTask InitializeAsync()
    {
        // A log that keeps all that these tests publish, so that who was away can be told of it.
        _log = new InMemoryChannelLog(Options.Create(Keeping(new ChannelOptions())), TimeProvider.System);
        await _log.CreateAsync(Channel);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in (Reader[])[.. _readers, .. _stalled])
        {
            await reader.Socket.DisposeAsync();
        }

        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Who_reads_nothing_for_too_long_is_closed_nobody_else_notices_and_coming_back_misses_nothing()
    {
        await StartAsync(maxWaitingBytes: 64 * 1024 * 1024);
        await PublishUntilAsync(() => _node.Connections.WaitingBytes > 3 * Stalled * FrameBytes);
        _node.Connections.Count.ShouldBe(Others + Stalled);

        // Full since before now, as the clock has it. Not yet after less than the stall timeout, and at the latest one second after it.
        for (var second = 1; second < 8; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await PublishAsync();
        }

        _node.Connections.Count.ShouldBe(Others + Stalled);
        await Eventually.TrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return _node.Connections.Count == Others;
            },
            "the stalled ones are closed");
        _node.Connections.WaitingBytes.ShouldBe(0);
        await PublishAsync();
        await ShouldAllHaveAllAsync();

        // What the kernel had was theirs; the rest they are told when they ask.
        foreach (var stalled in _stalled)
        {
            await stalled.ReadToEndAsync();
            stalled.Offsets.Count.ShouldBeLessThan(_published);
            await using var back = await RawWebSocket.ConnectAsync(_node.Address);
            var since = JsonSerializer.Serialize(new Position(stalled.Epoch, stalled.Last), WireJson.Options);
            var reply = (await back.InvokeAsync("Follow", $$"""{"channel":"{{Channel}}","since":{{since}}}""")).GetProperty("result");
            reply.GetProperty("recovered").GetBoolean().ShouldBeTrue();
            stalled.Offsets.Concat(reply.GetProperty("updates").EnumerateArray().Select(u => u.GetProperty("offset").GetInt64())).ShouldBe(Enumerable.Range(1, _published).Select(i => (long)i));
        }
    }

    [Fact]
    public async Task Who_reads_nothing_while_much_comes_is_closed_before_it_takes_memory()
    {
        const int Bound = 256 * 1024;
        await StartAsync(Bound);
        var most = 0L;
        await PublishUntilAsync(() =>
        {
            most = Math.Max(most, _node.Connections.WaitingBytes);
            return _node.Connections.Count == Others;
        });
        most.ShouldBeGreaterThan(0);
        most.ShouldBeLessThanOrEqualTo((Stalled + 5) * (Bound + (2 * FrameBytes)), "what waits is bounded for each, and next to none waits for those who read");
        await ShouldAllHaveAllAsync();
        await Eventually.TrueAsync(() => _node.Connections.WaitingBytes == 0, "nothing is held for who is gone");
    }

    [Fact]
    public async Task Who_begins_to_read_again_in_time_gets_everything_and_stays()
    {
        await StartAsync(maxWaitingBytes: 64 * 1024 * 1024);
        await PublishUntilAsync(() => _node.Connections.WaitingBytes > 3 * Stalled * FrameBytes);
        _clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var stalled in _stalled)
        {
            _ = stalled.RunAsync();
        }

        _readers.AddRange(_stalled);
        _stalled.Clear();
        await ShouldAllHaveAllAsync();
        await Eventually.TrueAsync(() => _node.Connections.WaitingBytes == 0, "nothing waits any more");

        // And what was held against them is forgotten.
        for (var second = 0; second < 20; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await PublishAsync();
        }

        await ShouldAllHaveAllAsync();
        _node.Connections.Count.ShouldBe(Others + Stalled);
    }

    private static ChannelOptions Keeping(ChannelOptions options)
    {
        options.LogLength = 5_000;
        options.LogBytes = 1024 * 1024 * 1024;
        return options;
    }

    private async Task StartAsync(int maxWaitingBytes)
    {
        _node = await RelayHost.StartAsync(_log, channels: o => Keeping(o), fanout: o => o.MaxWaitingBytes = maxWaitingBytes, time: _clock);
        for (var i = 0; i < Others + Stalled; i++)
        {
            var stalled = i % 100 == 50 && _stalled.Count < Stalled;
            var reader = new Reader(await RawWebSocket.ConnectAsync(_node.Address, receiveBuffer: stalled ? 4_096 : null));
            await reader.FollowAsync();
            if (stalled)
            {
                _stalled.Add(reader);
            }
            else
            {
                _readers.Add(reader);
                _ = reader.RunAsync();
            }
        }

        _stalled.Count.ShouldBe(Stalled);
    }

    private async Task PublishAsync()
    {
        _published++;
        await _log.AppendAsync(Channel, new Item { Key = "poll:1", Kind = "poll", Class = DeliveryClass.Logged, Version = _published, At = DateTimeOffset.UnixEpoch, Data = Data });
        // As fast as all of those who read can read.
        await Eventually.TrueAsync(() => _readers.TrueForAll(r => r.Last >= _published - 2), "everybody else keeps up");
    }

    private async Task PublishUntilAsync(Func<bool> enough)
    {
        while (!enough())
        {
            _published.ShouldBeLessThan(2_000, "kernels do not hold that much");
            await PublishAsync();
        }
    }

    private async Task ShouldAllHaveAllAsync()
    {
        await Eventually.TrueAsync(() => _readers.TrueForAll(r => r.Last == _published), "everybody has everything");
        foreach (var reader in _readers)
        {
            reader.Offsets.ShouldBe(Enumerable.Range(1, _published).Select(i => (long)i));
        }
    }

    /// <summary>Reads frames as they come, and of each only where it stands.</summary>
    private sealed partial class Reader(RawWebSocket socket)
    {
        private long _last;

        public RawWebSocket Socket => socket;

        public string Epoch { get; private set; } = "";

        public List<long> Offsets { get; } = [];

        public long Last => Volatile.Read(ref _last);

        public async Task FollowAsync() =>
            Epoch = (await socket.InvokeAsync("Follow", $$"""{"channel":"{{Channel}}"}""")).GetProperty("result").GetProperty("epoch").GetString()!;

        public Task RunAsync() => Task.Run(ReadToEndAsync);

        public async Task ReadToEndAsync()
        {
            try
            {
                while (await socket.ReadFrameAsync() is { Kind: RawWebSocket.Text } frame)
                {
                    if (Offset().Match(Encoding.Latin1.GetString(frame.Payload.AsSpan(0, Math.Min(300, frame.Payload.Length)))) is { Success: true } match)
                    {
                        Offsets.Add(long.Parse(match.Groups["offset"].ValueSpan, CultureInfo.InvariantCulture));
                        Volatile.Write(ref _last, Offsets[^1]);
                    }
                }
            }
            catch (IOException)
            {
                // Cut off within a frame.
            }
            catch (ObjectDisposedException)
            {
                // The test is over.
            }
        }

        [GeneratedRegex("\"offset\":(?<offset>[0-9]+)", RegexOptions.None, matchTimeoutMilliseconds: 5_000)]
        private static partial Regex Offset();
    }
}
