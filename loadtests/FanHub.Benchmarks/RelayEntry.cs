using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FanHub.Benchmarks;

/// <summary>One entry goes from the log to every follower of a channel, on connections that take all and write nothing: what the relay costs without the kernel.</summary>
/// <remarks>The connections are of the kind that goes through SignalR's writer, for those with a socket of their own need a socket.</remarks>
public class RelayEntry
{
    private const string Channel = "athletics";
    private readonly CountingWriter _writer = new();
    private InMemoryChannelLog _log = null!;
    private ChannelRelay _relay = null!;
    private long _version;

    /// <summary>How many follow.</summary>
    [Params(1_000)]
    public int Followers { get; set; }

    /// <summary>Lets them follow.</summary>
    [GlobalSetup]
    public async Task PrepareAsync()
    {
        var (fanout, channels) = (Options.Create(new FanoutOptions()), Options.Create(new ChannelOptions { WatchInterval = TimeSpan.FromSeconds(10) }));
        var connections = new FanConnections(fanout, Options.Create(new HubOptions()), TimeProvider.System);
        _log = new InMemoryChannelLog(channels, TimeProvider.System);
        _relay = new ChannelRelay(_log, connections, channels, fanout, TimeProvider.System, NullLogger<ChannelRelay>.Instance);
        var manager = new FanLifetimeManager<Hub>(new DefaultHubLifetimeManager<Hub>(NullLogger<DefaultHubLifetimeManager<Hub>>.Instance), connections, _relay);
        await _log.CreateAsync(Channel);
        await _relay.StartAsync(CancellationToken.None);
        var protocol = new LiveHubProtocol(fanout);
        for (var i = 0; i < Followers; i++)
        {
            var fan = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var transport = new DefaultConnectionContext(fan, new Pair(_writer), new Pair(_writer));
            var context = new HubConnectionContext(transport, new HubConnectionContextOptions { KeepAliveInterval = TimeSpan.FromMinutes(10) }, NullLoggerFactory.Instance) { Protocol = protocol, UserIdentifier = fan };
            await manager.OnConnectedAsync(context);
            await _relay.FollowAsync(connections.Of(fan)[0], new FollowRequest { Channel = Channel });
        }
    }

    /// <summary>Appends one entry, and waits until the last follower was sent it.</summary>
    [Benchmark]
    public async Task RelayAsync()
    {
        var all = _writer.ExpectAsync(Followers);
        var item = new Item { Key = "announcement:1", Kind = ItemKinds.Announcement, Class = DeliveryClass.Logged, Version = ++_version, At = DateTimeOffset.UnixEpoch, Data = new byte[] { (byte)'{', (byte)'}' } };
        await _log.AppendAsync(Channel, item);
        await all;
    }

    /// <summary>Ends the relay.</summary>
    [GlobalCleanup]
    public async Task EndAsync()
    {
        await _relay.StopAsync(CancellationToken.None);
        _relay.Dispose();
    }

    private sealed class Pair(PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(Stream.Null);

        public PipeWriter Output => output;
    }

    /// <summary>Takes everything at once, and counts how often it was given something.</summary>
    private sealed class CountingWriter : PipeWriter
    {
        private readonly byte[] _buffer = new byte[64 * 1024];
        private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left;

        public Task ExpectAsync(int times)
        {
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _left, times);
            return _reached.Task;
        }

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _reached.TrySetResult();
            }

            return new ValueTask<FlushResult>(default(FlushResult));
        }

        public override void Advance(int bytes)
        {
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
