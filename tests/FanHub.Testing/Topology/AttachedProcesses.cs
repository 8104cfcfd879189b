using System.Collections.Concurrent;

namespace FanHub.Testing.Topology;

/// <summary>Processes that end with this one, even if it crashes: for tests.</summary>
public sealed class AttachedProcesses : IProcessHost, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, (ChildProcess Process, ServicePlan Plan)> _started = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<IServiceProcess> StartAsync(ServicePlan plan)
    {
        var process = plan.User is null
            ? await ChildProcess.StartAsync(plan.Program, plan.Arguments, plan.Environment, plan.Folder)
            // Changing the account makes the kernel forget that the child is to end with us, so it is told again.
            : await ChildProcess.StartAsync("setpriv", [.. PostgresPrograms.As(plan.User), "--pdeathsig", "KILL", plan.Program, .. plan.Arguments], plan.Environment, plan.Folder);
        _started[plan.Name] = (process, plan);
        return process;
    }

    /// <inheritdoc/>
    public async Task<IServiceProcess?> FindAsync(ServicePlan plan)
    {
        if (!_started.TryGetValue(plan.Name, out var started) || started.Process.HasExited)
        {
            return null;
        }

        if ((started.Plan.Fingerprint, started.Plan.ConfigurationFingerprint) == (plan.Fingerprint, plan.ConfigurationFingerprint))
        {
            return started.Process;
        }

        await started.Process.KillAsync();
        return null;
    }

    /// <inheritdoc/>
    public int? PortOf(string service) => _started.TryGetValue(service, out var started) ? started.Plan.Port : null;

    /// <summary>Ends them all.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var (process, _) in _started.Values)
        {
            await process.DisposeAsync();
        }
    }
}
