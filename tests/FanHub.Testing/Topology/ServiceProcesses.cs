using System.Diagnostics;
using System.Globalization;

namespace FanHub.Testing.Topology;

/// <summary>The processes of a service, as the kernel shows them: whatever writes to its log, which nobody else does. They are found even if nobody wrote down who they are.</summary>
internal static class ServiceProcesses
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ProcessIdentity> Of(string folder)
    {
        var log = RealPath(DetachedProcess.LogOf(folder));
        return
        [
            .. from process in Directory.EnumerateDirectories("/proc")
               let id = int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
               where id > 0 && id != Environment.ProcessId && WritesTo(id, 1, log) && WritesTo(id, 2, log)
               let identity = ProcessIdentity.Of(id)
               where identity is not null
               select identity,
        ];
    }

    /// <summary>The one that started the others, or null where none runs.</summary>
    public static ProcessIdentity? FirstOf(string folder) => Of(folder).MinBy(p => p.Started);

    /// <summary>Ends what is left of a service whose first process has ended. Those of a database do so by themselves, soon; whoever does not is ended.</summary>
    /// <returns>Whether there was anything left.</returns>
    /// <exception cref="TimeoutException">Something does not end, though it was killed.</exception>
    public static async Task<bool> EndAsync(string folder)
    {
        if (Of(folder).Count == 0)
        {
            return false;
        }

        if (!await UntilAsync(() => Of(folder).Count == 0, Grace))
        {
            foreach (var process in Of(folder))
            {
                DetachedProcess.Kill(process);
            }

            if (!await UntilAsync(() => Of(folder).Count == 0, KillLimit))
            {
                throw new TimeoutException($"Process {string.Join(", ", Of(folder).Select(p => p.Id))} does not end, though it was killed.");
            }
        }

        return true;
    }

    /// <summary>Asks until it is true, or the time is over.</summary>
    public static async Task<bool> UntilAsync(Func<bool> condition, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > limit)
            {
                return false;
            }

            // They are nobody's children here: nothing tells when one ends.
            await Task.Delay(Poll);
        }

        return true;
    }

    private static bool WritesTo(int process, int descriptor, string log) =>
        TargetOf(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd/{descriptor}")) is { } target
        && (string.Equals(target, log, StringComparison.Ordinal) || string.Equals(target, $"{log} (deleted)", StringComparison.Ordinal));

    // As the kernel names it, without symbolic links.
    private static string RealPath(string file)
    {
        try
        {
            using var open = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return TargetOf(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{open.DangerousGetHandle()}")) ?? file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return file;
        }
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is another user's.
            return null;
        }
    }
}
