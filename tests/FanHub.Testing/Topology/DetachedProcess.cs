using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FanHub.Testing.Topology;

/// <summary>A process that somebody started, in a session of its own, and that outlives whoever did.</summary>
internal sealed class DetachedProcess(ProcessIdentity identity, string folder) : IServiceProcess
{
    private const int SignalKill = 9;
    private const int KeptOutput = 64 * 1024;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

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
            log.Seek(-Math.Min(KeptOutput, log.Length), SeekOrigin.End);
            using var reader = new StreamReader(log);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Where a service's process is written down.</summary>
    public static string IdentityOf(string folder) => Path.Combine(folder, "process");

    /// <summary>What a service writes.</summary>
    public static string LogOf(string folder) => Path.Combine(folder, "log");

    /// <summary>Asks it to end, and ends it if it does not; then everything that it left behind.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> StopAsync(int signal, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        Signal(signal);
        await UntilAsync(() => HasExited, limit - clock.Elapsed);
        var byItself = HasExited;
        await KillAsync();
        await SweepAsync();
        return byItself;
    }

    /// <inheritdoc/>
    public async Task KillAsync()
    {
        Signal(SignalKill);
        if (!await UntilAsync(() => HasExited, KillLimit))
        {
            throw new TimeoutException($"Process {Id} does not end, though it was killed.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);

    private static async Task<bool> UntilAsync(Func<bool> condition, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > limit)
            {
                return false;
            }

            // It is nobody's child here: nothing tells when it ends.
            await Task.Delay(Poll);
        }

        return true;
    }

    // The number may belong to another process by now, which is then left alone.
    private void Signal(int signal)
    {
        if (identity.IsAlive && SendSignal(Id, signal) != 0 && identity.IsAlive)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>What a database's processes do when their parent has crashed is to end by themselves, soon. Whoever does not is ended.</summary>
    private async Task SweepAsync()
    {
        if (!await UntilAsync(() => !Left().Any(), TimeSpan.FromSeconds(3)))
        {
            foreach (var id in Left())
            {
                _ = SendSignal(id, SignalKill);
            }

            await UntilAsync(() => !Left().Any(), KillLimit);
        }
    }

    private IEnumerable<int> Left() => ProcessIdentity.Of(Id) is null ? identity.Session().Where(RunsInFolder) : [];

    // That it belongs to the session should be enough; where it runs says so again.
    private bool RunsInFolder(int id)
    {
        try
        {
            var at = new FileInfo($"/proc/{id}/cwd").LinkTarget;
            return at is not null && (at == folder || at.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
