using System.Diagnostics;
using System.Text.Json;

namespace FanHub.Testing.Topology;

/// <summary>Processes that outlive this one; who they are is written into their folders: for <c>./cluster</c>.</summary>
/// <param name="root">The folder of the cluster.</param>
public sealed class DetachedProcesses(string root) : IProcessHost
{
    private const int SignalInterrupt = 2;
    private const int SignalTerminate = 15;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    // $1: the folder. Its own name is written down before it becomes the program.
    private static readonly string Script = $$"""
        folder=$1; shift
        {{ProcessIdentity.Script("\"$folder/process\"")}}
        exec "$@" >>"$folder/log" 2>&1 </dev/null
        """;

    /// <summary>Every service that was ever started here, running or not.</summary>
    public IReadOnlyList<DetachedService> Services => !Directory.Exists(root) ? [] :
    [
        .. from folder in Directory.EnumerateDirectories(root)
           let service = Remembered(folder)
           where service is not null
           orderby service.Kind, service.Name
           select service,
    ];

    /// <inheritdoc/>
    public async Task<IServiceProcess> StartAsync(ServicePlan plan)
    {
        File.Delete(DetachedProcess.IdentityOf(plan.Folder));
        Remember(plan);
        var info = new ProcessStartInfo("setsid") { WorkingDirectory = plan.Folder, UseShellExecute = false };
        foreach (var argument in (string[])["/bin/sh", "-c", Script, "sh", plan.Folder, .. AsUser(plan), plan.Program, .. plan.Arguments])
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in plan.Environment)
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info) ?? throw new InvalidOperationException($"{plan.Name} could not be started.");
        ProcessIdentity? identity = null;
        await Eventually.TrueAsync(() => (identity = ProcessIdentity.Read(DetachedProcess.IdentityOf(plan.Folder))) is not null, $"{plan.Name} has written down which process it is");
        return new DetachedProcess(identity!, plan.Folder);
    }

    /// <inheritdoc/>
    public async Task<IServiceProcess?> FindAsync(ServicePlan plan)
    {
        if (Find(plan.Name) is not { } running || Remembered(plan.Folder) is not { } service)
        {
            return null;
        }

        if (string.Equals(service.Plan, plan.Fingerprint, StringComparison.Ordinal))
        {
            return running;
        }

        await StopAsync(service);
        return null;
    }

    /// <summary>The process of a service that runs, or null.</summary>
    public IServiceProcess? Find(string service) => Read(service) is { HasExited: false } running ? running : null;

    /// <inheritdoc/>
    public int? PortOf(string service) => Remembered(Path.Combine(root, service))?.Port;

    /// <summary>What the service has written.</summary>
    public string LogOf(string service) => DetachedProcess.LogOf(Path.Combine(root, service));

    /// <summary>Asks a service to end, ends it if it does not, and then whatever it left behind.</summary>
    /// <returns>Whether there was anything to end.</returns>
    public async Task<bool> StopAsync(DetachedService service)
    {
        if (Read(service.Name) is not { } process)
        {
            return false;
        }

        var ran = !process.HasExited;
        // For PostgreSQL the other signal means: when the last client has gone.
        await process.StopAsync(service.Kind == ServiceKind.Postgres ? SignalInterrupt : SignalTerminate, StopLimit);
        File.Delete(DetachedProcess.IdentityOf(Path.Combine(root, service.Name)));
        return ran;
    }

    private static IEnumerable<string> AsUser(ServicePlan plan) => plan.User is null ? [] : ["setpriv", .. PostgresPrograms.As(plan.User)];

    private static string FileOf(string folder) => Path.Combine(folder, "service.json");

    private static void Remember(ServicePlan plan)
    {
        // Others read it meanwhile: they find all of it, or what was there before.
        var file = FileOf(plan.Folder);
        File.WriteAllText($"{file}.new", JsonSerializer.Serialize(new DetachedService(plan.Name, plan.Kind, plan.Port, plan.Fingerprint)));
        File.Move($"{file}.new", file, overwrite: true);
    }

    private static DetachedService? Remembered(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<DetachedService>(File.ReadAllText(FileOf(folder)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It was never started.
            return null;
        }
    }

    private DetachedProcess? Read(string service)
    {
        var folder = Path.Combine(root, service);
        return ProcessIdentity.Read(DetachedProcess.IdentityOf(folder)) is { } identity ? new DetachedProcess(identity, folder) : null;
    }
}

/// <summary>What is remembered of a service that was started.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="Plan">Tells by which plan it was started.</param>
public sealed record DetachedService(string Name, ServiceKind Kind, int Port, string Plan);
