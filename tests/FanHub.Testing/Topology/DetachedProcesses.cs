using System.Diagnostics;

namespace FanHub.Testing.Topology;

/// <summary>Processes that outlive this one; who they are is written into their folders: for <c>./cluster</c>.</summary>
/// <param name="root">The folder of the cluster.</param>
public sealed class DetachedProcesses(string root) : IProcessHost
{
    private const int SignalInterrupt = 2;
    private const int SignalTerminate = 15;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    // $1: the folder. Whatever runs writes to the log and is written down before it becomes the program.
    private static readonly string Script = $$"""
        folder=$1; shift
        exec >>"$folder/log" 2>&1 </dev/null || exit
        {{ProcessIdentity.Script("\"$folder/process\"")}}
        exec "$@"
        """;

    /// <summary>Every service that was ever started here, running or not, unless it was forgotten.</summary>
    public IReadOnlyList<DetachedService> Services => !Directory.Exists(root) ? [] :
    [
        .. from folder in Directory.EnumerateDirectories(root)
           let service = DetachedService.Read(folder) ?? (ServiceProcesses.FirstOf(folder) is null ? null : DetachedService.Unknown(folder))
           where service is not null
           orderby service.Kind, service.Name
           select service,
    ];

    /// <inheritdoc/>
    public async Task<IServiceProcess> StartAsync(ServicePlan plan)
    {
        // What is left of the one before would stand in the way.
        await StopAsync(DetachedService.Unknown(plan.Folder));
        DetachedService.Write(plan);
        var log = new FileInfo(LogOf(plan.Name));
        var written = log.Exists ? log.Length : 0;
        var info = new ProcessStartInfo("setsid") { WorkingDirectory = plan.Folder, UseShellExecute = false };
        foreach (var argument in (string[])["/bin/sh", "-c", Script, "sh", plan.Folder, .. AsUser(plan), plan.Program, .. plan.Arguments])
        {
            info.ArgumentList.Add(argument);
        }

        // Settings come from the plan alone, so that nodes have the same whoever starts them, and when.
        foreach (var setting in info.Environment.Keys.Where(NodeSettings.Includes).ToList())
        {
            info.Environment.Remove(setting);
        }

        foreach (var (name, value) in plan.Environment)
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info) ?? throw new InvalidOperationException($"{plan.Name} could not be started.");
        ProcessIdentity? identity = null;
        await Eventually.TrueAsync(() => (identity = ProcessIdentity.Read(DetachedProcess.IdentityOf(plan.Folder))) is not null, $"{plan.Name} has written down which process it is");
        return new DetachedProcess(identity!, plan.Folder, written);
    }

    /// <inheritdoc/>
    public async Task<IServiceProcess?> FindAsync(ServicePlan plan)
    {
        if (Read(plan.Name) is not { HasExited: false } running || DetachedService.Read(plan.Folder) is not { } service)
        {
            return null;
        }

        if (string.Equals(service.Plan, plan.Fingerprint, StringComparison.Ordinal))
        {
            if (string.Equals(service.Configuration, plan.ConfigurationFingerprint, StringComparison.Ordinal))
            {
                return running;
            }

            if (plan.Reloads && await running.ReloadAsync())
            {
                DetachedService.Write(plan);
                return running;
            }
        }

        await StopAsync(service);
        return null;
    }

    /// <summary>The process of a service that runs, or null.</summary>
    public IServiceProcess? Find(string service) => Read(service) is { HasExited: false } running ? running : null;

    /// <inheritdoc/>
    public int? PortOf(string service) => DetachedService.Read(FolderOf(service))?.Port;

    /// <summary>What the service has written.</summary>
    public string LogOf(string service) => DetachedProcess.LogOf(FolderOf(service));

    /// <summary>Asks a service to end, ends it if it does not, and then whatever it left behind.</summary>
    /// <returns>Whether there was anything to end.</returns>
    public async Task<bool> StopAsync(DetachedService service)
    {
        var process = Read(service.Name);
        var ran = process is { HasExited: false };
        if (process is not null)
        {
            // For PostgreSQL the other signal means: when the last client has gone.
            await process.StopAsync(service.Kind == ServiceKind.Postgres ? SignalInterrupt : SignalTerminate, StopLimit);
        }

        var left = await ServiceProcesses.EndAsync(FolderOf(service.Name));
        File.Delete(DetachedProcess.IdentityOf(FolderOf(service.Name)));
        return ran || left;
    }

    /// <summary>Forgets a service that has ended and is not to come back; its data and its log stay.</summary>
    public void Forget(DetachedService service) => File.Delete(DetachedService.FileOf(FolderOf(service.Name)));

    private static IEnumerable<string> AsUser(ServicePlan plan) => plan.User is null ? [] : ["setpriv", .. PostgresPrograms.As(plan.User)];

    private string FolderOf(string service) => Path.Combine(root, service);

    private DetachedProcess? Read(string service)
    {
        var folder = FolderOf(service);
        return (ProcessIdentity.Read(DetachedProcess.IdentityOf(folder)) ?? ServiceProcesses.FirstOf(folder)) is { } identity ? new DetachedProcess(identity, folder) : null;
    }
}
