using System.Diagnostics;
using System.Globalization;

namespace FanHub.Testing.Topology;

/// <summary>A part of a cluster that runs, or did.</summary>
public sealed class ClusterService
{
    // Machines that build something else at the same time are slow.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private const int ToldLines = 20;

    private readonly IProcessHost _host;
    private readonly ServicePlan _plan;

    internal ClusterService(IProcessHost host, ServicePlan plan, IServiceProcess? running = null)
    {
        _host = host;
        _plan = plan;
        Process = running!;
    }

    /// <summary>Its name.</summary>
    public string Name => _plan.Name;

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port => _plan.Port;

    /// <summary>The same for HTTP.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    /// <summary>Its process.</summary>
    public IServiceProcess Process { get; private set; }

    /// <summary>Starts it, again if it ran before, and waits until it can do its work.</summary>
    /// <exception cref="PortTakenException">Somebody else listens on its port.</exception>
    /// <exception cref="InvalidOperationException">It ended; the message says what it wrote.</exception>
    /// <exception cref="TimeoutException">It did not become ready; the message says why not.</exception>
    public async Task StartAsync()
    {
        Process = await _host.StartAsync(_plan);
        await ReadyAsync();
    }

    /// <summary>Ends it without warning (SIGKILL).</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Waits until it answers at all, if only that it cannot do its work yet.</summary>
    /// <returns>False where it has ended, or is frozen.</returns>
    internal async Task<bool> AnswersAsync()
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < AnswerLimit && !Process.HasExited; await Task.Delay(Poll))
        {
            if ((await ServiceHealth.AskAsync(_plan.Kind, Port)).Answered && Ports.IsHeldBy(Process.Id, Port))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Waits until it can do its work.</summary>
    internal async Task ReadyAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var problem = "it does not listen";
        while (problem is not null)
        {
            if (Process.HasExited)
            {
                var output = Process.Output;
                throw output.Contains("ddress already in use", StringComparison.Ordinal) ? new PortTakenException(Port) : new InvalidOperationException($"{Name} ended while starting:\n{LastLines(output)}");
            }

            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"{Name} is not ready after {StartLimit.TotalSeconds} s: {problem}. It wrote:\n{LastLines(Process.Output)}");
            }

            problem = await ServiceHealth.ProblemAsync(_plan.Kind, Port);
            if (problem is null && !Ports.IsHeldBy(Process.Id, Port))
            {
                // Another server has the port by now, and it is that one which answers.
                problem = "it does not listen";
            }

            if (problem is not null)
            {
                await Task.Delay(Poll);
            }
        }
    }

    private static string LastLines(string output) => string.Join('\n', output.TrimEnd().Split('\n').TakeLast(ToldLines));
}
