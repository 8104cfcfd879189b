namespace FanHub.Testing.Topology;

/// <summary>Runs the processes of a cluster: <see cref="AttachedProcesses"/>, which end with the caller, or <see cref="DetachedProcesses"/>, which outlive it.</summary>
public interface IProcessHost
{
    /// <summary>Starts a service; it is not ready yet when this returns.</summary>
    Task<IServiceProcess> StartAsync(ServicePlan plan);

    /// <summary>The service, if it was started before by the same plan and still runs. One that runs by another plan is ended, unless a new configuration is all that it needs.</summary>
    Task<IServiceProcess?> FindAsync(ServicePlan plan);

    /// <summary>The port that the service had when it was started last, or null.</summary>
    int? PortOf(string service);
}

/// <summary>A process of a cluster.</summary>
public interface IServiceProcess
{
    /// <summary>The process id.</summary>
    int Id { get; }

    /// <summary>Whether it has ended.</summary>
    bool HasExited { get; }

    /// <summary>What it wrote since it was started, or the last of it.</summary>
    string Output { get; }

    /// <summary>Ends it without warning (SIGKILL), as a power cut would, and waits until it is gone.</summary>
    Task KillAsync();
}
