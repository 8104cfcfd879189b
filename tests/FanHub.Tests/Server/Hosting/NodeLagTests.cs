using System.Security.Claims;
using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using FanHub.Server.Live;
using FanHub.Tests.Server.Ballots;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Hosting;

public sealed class NodeLagTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly System.Threading.Channels.Channel<IThreadPoolWorkItem> _queued = System.Threading.Channels.Channel.CreateUnbounded<IThreadPoolWorkItem>();
    private readonly NodeLag _lag;

    public NodeLagTests() => _lag = new NodeLag(_time, item => _queued.Writer.TryWrite(item));

    public async ValueTask DisposeAsync() => await _lag.StopAsync(CancellationToken.None);

    [Fact]
    public async Task A_node_is_as_far_behind_as_what_was_queued_has_waited()
    {
        await _lag.StartAsync(CancellationToken.None);
        var item = await _queued.Reader.ReadAsync().AsTask().WaitAsync(Limit);
        _time.Advance(TimeSpan.FromMilliseconds(400));
        _lag.Current.ShouldBe(TimeSpan.FromMilliseconds(400));
        _time.Advance(TimeSpan.FromMilliseconds(600));
        _lag.Current.ShouldBe(TimeSpan.FromSeconds(1));

        item.Execute();
        _lag.Current.ShouldBe(TimeSpan.FromSeconds(1));

        (await _queued.Reader.ReadAsync().AsTask().WaitAsync(Limit)).Execute();
        _lag.Current.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(nameof(HubMethods.Vote), true)]
    [InlineData(nameof(HubMethods.Answer), true)]
    [InlineData(nameof(HubMethods.Follow), false)]
    public async Task A_node_that_is_too_far_behind_refuses_ballots_and_nothing_else(string method, bool refuses)
    {
        await _lag.StartAsync(CancellationToken.None);
        var item = await _queued.Reader.ReadAsync().AsTask().WaitAsync(Limit);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        (await CallAsync(method) is Refusal { Message: var said } && said.StartsWith("unavailable: Too many ballots are waiting; yours was not recorded. Send the same again in ", StringComparison.Ordinal)).ShouldBe(refuses);

        item.Execute();
        (await _queued.Reader.ReadAsync().AsTask().WaitAsync(Limit)).Execute();
        (await CallAsync(method)).ShouldBe("done");
    }

    private async Task<object?> CallAsync(string method)
    {
        var options = Options.Create(new VotingOptions());
        var batcher = new BallotBatcher(new GatedBallotBox(null!), Options.Create(new BallotBatcherOptions()), _time, NullLogger<BallotBatcher>.Instance);
        var filter = new HubErrors(new FanLimits(Options.Create(new LimitOptions()), _time), _lag, batcher, options, NullLogger<HubErrors>.Instance);
        var call = new HubInvocationContext(new Caller(), null!, null!, typeof(LiveHub).GetMethod(method)!, []);
        return await filter.InvokeMethodAsync(call, _ => ValueTask.FromResult<object?>("done"));
    }

    private sealed class Caller : HubCallerContext
    {
        public override string ConnectionId => "c";

        public override string? UserIdentifier => "1";

        public override ClaimsPrincipal? User { get; } = FanSessions.Bare(new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "1"), new Claim("exp", "1")])));

        public override IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override CancellationToken ConnectionAborted => CancellationToken.None;

        public override void Abort() => throw new NotSupportedException();
    }
}
