using FanHub.Contracts;
using FanHub.Realtime.Fanout;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using FanHub.Testing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FanHub.Tests.Server.Fans;

/// <summary>What a node knows of forgotten fans, and what it makes of a store that is away or has lost its memory.</summary>
public sealed class ForgottenFansTests : IAsyncLifetime
{
    private readonly List<IDisposable> _opened = [];
    private readonly List<string> _folders = [];
    private SwitchedProfiles _store = null!;

    public ValueTask InitializeAsync()
    {
        _store = new SwitchedProfiles(OpenStore());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _opened.OfType<ForgottenFans>())
        {
            await node.StopAsync(CancellationToken.None);
        }

        _opened.ForEach(o => o.Dispose());
        _folders.ForEach(f => Directory.Delete(f, recursive: true));
    }

    [Fact]
    public async Task Who_was_forgotten_before_the_node_started_is_refused_from_the_first_request_on()
    {
        await _store.ForgetAsync(7);
        var node = await StartNodeAsync();

        node.Known.ShouldBeTrue();
        Should.Throw<FanForgottenException>(() => node.ThrowIfForgotten(7));
        node.ThrowIfForgotten(8);
    }

    [Fact]
    public async Task The_node_that_forgets_does_so_at_once_and_the_others_soon()
    {
        var (one, other) = (await StartNodeAsync(), await StartNodeAsync());

        await one.ForgetAsync(7);

        one.IsForgotten(7).ShouldBeTrue();
        await Eventually.TrueAsync(() => other.IsForgotten(7), "the other node has heard of it", TimeSpan.FromSeconds(2));
        other.IsForgotten(8).ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_that_could_never_read_is_not_ready_and_lets_nobody_in_with_a_token()
    {
        await _store.ForgetAsync(7);
        _store.Away = true;
        var node = await StartNodeAsync();

        node.Known.ShouldBeFalse();
        (await new ForgottenFansHealth(node).CheckHealthAsync(null!)).Status.ShouldBe(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);
        Should.Throw<FanHubException>(() => node.IsForgotten(8)).Code.ShouldBe(ErrorCodes.Unavailable);

        _store.Away = false;
        await Eventually.TrueAsync(() => node.Known, "the node has read the store");
        node.IsForgotten(7).ShouldBeTrue();
        (await new ForgottenFansHealth(node).CheckHealthAsync(null!)).Status.ShouldBe(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy);
    }

    [Fact]
    public async Task While_the_store_is_away_those_known_stay_refused_and_afterwards_new_ones_are_heard_of()
    {
        await _store.ForgetAsync(7);
        var node = await StartNodeAsync();
        _store.Away = true;
        await _store.RefusedAsync();

        node.IsForgotten(7).ShouldBeTrue();
        (await new ForgottenFansHealth(node).CheckHealthAsync(null!)).Status.ShouldBe(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy);
        await Should.ThrowAsync<FanProfilesUnavailableException>(() => node.ForgetAsync(8));

        await _store.Real.ForgetAsync(9);
        _store.Away = false;
        await Eventually.TrueAsync(() => node.IsForgotten(9), "the node reads again");
        node.IsForgotten(8).ShouldBeFalse();
    }

    [Fact]
    public async Task A_store_that_lost_its_memory_gets_it_back_from_the_nodes()
    {
        var node = await StartNodeAsync();
        await node.ForgetAsync(7);
        _store.Away = true;
        await _store.RefusedAsync();
        _store.Real = OpenStore();
        _store.Away = false;

        await Eventually.TrueAsync(async () => await StartNodeAsync() is var another && another.IsForgotten(7), "a node that starts afterwards refuses the fan too");
        await Should.ThrowAsync<FanForgottenException>(() => _store.SetNameAsync(7, "Ana"));
    }

    [Fact]
    public async Task No_more_are_held_than_may_be_and_the_latest_are()
    {
        foreach (var fan in (long[])[1, 2, 3])
        {
            await _store.ForgetAsync(fan);
        }

        var node = await StartNodeAsync(maxHeld: 3);
        await node.ForgetAsync(1);
        await node.ForgetAsync(4);
        // Those who are let go of are read again, and must not push out others.
        await _store.ReadAgainAsync();

        node.IsForgotten(2).ShouldBeFalse();
        ((long[])[1, 3, 4]).ShouldAllBe(fan => node.IsForgotten(fan));
    }

    private SqliteFanProfiles OpenStore()
    {
        var folder = Directory.CreateTempSubdirectory("fanhub-fans-").FullName;
        _folders.Add(folder);
        var store = new SqliteFanProfiles(folder, TimeSpan.FromDays(2), TimeProvider.System);
        _opened.Add(store);
        return store;
    }

    private async Task<ForgottenFans> StartNodeAsync(int maxHeld = 1000)
    {
        var node = new ForgottenFans(
            _store,
            new FanConnections(Options.Create(new FanoutOptions()), Options.Create(new HubOptions()), TimeProvider.System),
            Options.Create(new FanSessionOptions()),
            Options.Create(new ForgottenFansOptions { Interval = TimeSpan.FromMilliseconds(50), MaxHeld = maxHeld }),
            TimeProvider.System,
            NullLogger<ForgottenFans>.Instance);
        _opened.Insert(0, node);
        await node.StartAsync(CancellationToken.None);
        return node;
    }

    /// <summary>A store that can be away, and be replaced.</summary>
    private sealed class SwitchedProfiles(IFanProfiles real) : IFanProfiles
    {
        private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _readings;

        public volatile bool Away;

        public IFanProfiles Real { get; set; } = real;

        private IFanProfiles Store
        {
            get
            {
                if (!Away)
                {
                    return Real;
                }

                _refused.TrySetResult();
                throw new FanProfilesUnavailableException("It is away.");
            }
        }

        /// <summary>Waits until somebody has noticed that it is away.</summary>
        public Task RefusedAsync() => _refused.Task.WaitAsync(TimeSpan.FromSeconds(10));

        /// <summary>Waits until what is there now has been read, and dealt with.</summary>
        public Task ReadAgainAsync()
        {
            var enough = Volatile.Read(ref _readings) + 3;
            return Eventually.TrueAsync(() => Volatile.Read(ref _readings) >= enough, "the store is read again");
        }

        public Task<string?> FindNameAsync(long fan, CancellationToken cancellationToken = default) => Store.FindNameAsync(fan, cancellationToken);

        public Task<IReadOnlyDictionary<long, string>> FindNamesAsync(IReadOnlyCollection<long> fans, CancellationToken cancellationToken = default) => Store.FindNamesAsync(fans, cancellationToken);

        public Task SetNameAsync(long fan, string? name, CancellationToken cancellationToken = default) => Store.SetNameAsync(fan, name, cancellationToken);

        public Task<DateTimeOffset> AskMoreTimeAsync(string quiz, long fan, DateTimeOffset at, CancellationToken cancellationToken = default) => Store.AskMoreTimeAsync(quiz, fan, at, cancellationToken);

        public Task<DateTimeOffset?> FindMoreTimeAsync(string quiz, long fan, CancellationToken cancellationToken = default) => Store.FindMoreTimeAsync(quiz, fan, cancellationToken);

        public Task<long> CountMoreTimeAsync(string quiz, CancellationToken cancellationToken = default) => Store.CountMoreTimeAsync(quiz, cancellationToken);

        public Task<bool> AnyMoreTimeBeforeAsync(string quiz, DateTimeOffset moment, CancellationToken cancellationToken = default) => Store.AnyMoreTimeBeforeAsync(quiz, moment, cancellationToken);

        public Task<DateTimeOffset> ForgetAsync(long fan, CancellationToken cancellationToken = default) => Store.ForgetAsync(fan, cancellationToken);

        public IAsyncEnumerable<ForgottenFan> ForgottenSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _readings);
            return Store.ForgottenSinceAsync(moment, cancellationToken);
        }

        public Task RestoreForgottenAsync(IReadOnlyCollection<ForgottenFan> fans, CancellationToken cancellationToken = default) => Store.RestoreForgottenAsync(fans, cancellationToken);
    }
}
