using System.Diagnostics;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Measuring;

/// <summary>What processes of this machine use.</summary>
internal sealed class Cost : IDisposable
{
    private readonly IReadOnlyList<Process> _processes;

    private Cost(IReadOnlyList<Process> processes) => _processes = processes;

    /// <summary>Whether there is anything to measure.</summary>
    public bool Known => _processes.Count > 0;

    /// <summary>CPU time used so far, by all of them together.</summary>
    /// <remarks>The kernel tells it in steps of 10 ms.</remarks>
    public TimeSpan Cpu => Sum(p => p.TotalProcessorTime, TimeSpan.Zero, (a, b) => a + b);

    /// <summary>Bytes of memory in use now, by all of them together.</summary>
    public long Memory => Sum(p => p.WorkingSet64, 0L, (a, b) => a + b);

    /// <summary>The servers that listen on the addresses, or the processes that were named.</summary>
    public static Cost OfServers(LoadOptions options, params IEnumerable<Uri> others)
    {
        var pids = options.ServerPids.Count > 0 ? options.ServerPids : ListeningProcesses.Find(options.Nodes.Append(options.Editor).Concat(others).Select(u => u.Port));
        return Of(pids);
    }

    /// <summary>Those processes.</summary>
    /// <exception cref="LoadTestException">There is no such process.</exception>
    public static Cost Of(IEnumerable<int> pids)
    {
        try
        {
            return new Cost([.. pids.Distinct().Select(Process.GetProcessById)]);
        }
        catch (ArgumentException e)
        {
            throw new LoadTestException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Dispose();
        }
    }

    private T Sum<T>(Func<Process, T> of, T zero, Func<T, T, T> add)
    {
        var sum = zero;
        foreach (var process in _processes)
        {
            process.Refresh();
            if (process.HasExited)
            {
                throw new LoadTestException($"The server with process id {process.Id} has ended.");
            }

            sum = add(sum, of(process));
        }

        return sum;
    }
}
