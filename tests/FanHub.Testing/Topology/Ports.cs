using System.Globalization;

namespace FanHub.Testing.Topology;

/// <summary>Who listens, on Linux.</summary>
internal static class Ports
{
    private const string Listening = "0A";

    /// <summary>Whether this process, and not some other one, listens on the port.</summary>
    public static bool IsHeldBy(int process, int port)
    {
        var wanted = $":{port:X4}";
        var sockets = ((string[])["/proc/net/tcp", "/proc/net/tcp6"]).Where(File.Exists).SelectMany(f => File.ReadLines(f).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 9 && string.Equals(f[3], Listening, StringComparison.Ordinal) && f[1].EndsWith(wanted, StringComparison.Ordinal))
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"socket:[{f[9]}]"))
            .ToHashSet(StringComparer.Ordinal);
        try
        {
            return sockets.Count > 0 && Directory.EnumerateFiles($"/proc/{process}/fd").Any(f => new FileInfo(f).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return false;
        }
    }
}
