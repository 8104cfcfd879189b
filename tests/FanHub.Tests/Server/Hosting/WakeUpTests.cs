using FanHub.Server.Hosting;

namespace FanHub.Tests.Server.Hosting;

public sealed class WakeUpTests
{
    [Fact]
    public async Task A_timer_that_fires_after_the_wait_is_over_does_no_harm()
    {
        var time = new LateTimers();
        var signal = new Signal();
        signal.Wake();
        await signal.WaitAsync(TimeSpan.FromSeconds(1), time, CancellationToken.None);

        // On a timer's thread an exception would end the process.
        time.Fire();
    }

    [Fact]
    public async Task It_waits_no_longer_than_it_may_and_says_nothing_of_it()
    {
        var time = new LateTimers();
        var waiting = new Signal().WaitAsync(TimeSpan.FromSeconds(1), time, CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();

        time.Fire();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_is_told_so()
    {
        using var given = new CancellationTokenSource();
        var waiting = new Signal().WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, given.Token);
        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    private sealed class Signal : WakeUp;

    /// <summary>Timers that fire when they are told to, even after they were disposed of: a callback that has begun cannot be taken back.</summary>
    private sealed class LateTimers : TimeProvider
    {
        private readonly List<Action> _callbacks = [];

        public void Fire()
        {
            foreach (var callback in _callbacks.ToList())
            {
                callback();
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callbacks.Add(() => callback(state));
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
