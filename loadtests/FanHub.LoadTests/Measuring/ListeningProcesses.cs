using System.Globalization;

namespace FanHub.LoadTests.Measuring;

/// <summary>Finds out who listens, on Linux, as far as this user may know.</summary>
internal static class ListeningProcesses
{
    private const string Listening = "0A";

    /// <summary>Ids of the processes that listen on any of the ports; fewer, or none, where that cannot be found out.</summary>
    public static IReadOnlyList<int> Find(IEnumerable<int> ports)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var wanted = ports.ToHashSet();
        var sockets = ((string[])["/proc/net/tcp", "/proc/net/tcp6"]).Where(File.Exists).SelectMany(f => File.ReadLines(f).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 9 && string.Equals(f[3], Listening, StringComparison.Ordinal) && wanted.Contains(Port(f[1])))
            .Select(f => $"socket:[{f[9]}]")
            .ToHashSet(StringComparer.Ordinal);
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && Holds(pid, sockets))];
    }

    private static int Port(string address) => int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static bool Holds(int pid, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd").Any(f => File.ResolveLinkTarget(f, returnFinalTarget: false)?.Name is { } target && sockets.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or somebody else's.
            return false;
        }
    }
}
