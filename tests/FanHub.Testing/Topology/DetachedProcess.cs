using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FanHub.Testing.Topology;

/// <summary>A process that somebody started, in a session of its own, and that outlives whoever did.</summary>
/// <param name="identity">Which one.</param>
/// <param name="folder">The folder of its service.</param>
/// <param name="written">How long its log was when it started.</param>
internal sealed class DetachedProcess(ProcessIdentity identity, string folder, long written = 0) : IServiceProcess
{
    private const int SignalReload = 1;
    private const int SignalKill = 9;
    private const int SignalContinue = 18;
    private const int KeptOutput = 64 * 1024;
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReloadLimit = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public int Id => identity.Id;

    /// <inheritdoc/>
    public bool HasExited => !identity.IsAlive;

    /// <inheritdoc/>
    public string Output
    {
        get
        {
            using var log = new FileStream(LogOf(folder), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
            log.Seek(Math.Max(log.Length - KeptOutput, log.Length < written ? 0 : written), SeekOrigin.Begin);
            using var reader = new StreamReader(log);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Where a service's process is written down.</summary>
    public static string IdentityOf(string folder) => Path.Combine(folder, "process");

    /// <summary>What a service writes.</summary>
    public static string LogOf(string folder) => Path.Combine(folder, "log");

    /// <summary>Ends a process without warning.</summary>
    public static void Kill(ProcessIdentity process) => Signal(process, SignalKill);

    /// <summary>Asks it to end, and ends it if it does not.</summary>
    public async Task StopAsync(int signal, TimeSpan limit)
    {
        Signal(identity, signal);
        // One that was frozen hears it as well.
        Signal(identity, SignalContinue);
        await ServiceProcesses.UntilAsync(() => HasExited, limit);
        await KillAsync();
    }

    /// <inheritdoc/>
    public async Task KillAsync()
    {
        Kill(identity);
        if (!await ServiceProcesses.UntilAsync(() => HasExited, KillLimit))
        {
            throw new TimeoutException($"Process {Id} does not end, though it was killed.");
        }
    }

    /// <summary>Has it take its configuration anew, which new children of it do; those before finish what they are at.</summary>
    /// <returns>Whether it did.</returns>
    public async Task<bool> ReloadAsync()
    {
        var before = identity.Children();
        Signal(identity, SignalReload);
        return await ServiceProcesses.UntilAsync(() => identity.Children().Except(before).Any(), ReloadLimit);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);

    // The number may belong to another process by now, which is then left alone.
    private static void Signal(ProcessIdentity process, int signal)
    {
        if (process.IsAlive && SendSignal(process.Id, signal) != 0 && process.IsAlive)
        {
            throw new Win32Exception();
        }
    }
}
