using System.Globalization;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Fans;

/// <summary>How many connections this process may have.</summary>
internal static class OpenFiles
{
    private const string Limits = "/proc/self/limits";
    private const int Others = 200;

    /// <summary>The most connections of this process: what its limit of open files leaves.</summary>
    public static int MostConnections => Soft is { } soft ? Math.Max(1, soft - Others) : int.MaxValue;

    private static int? Soft
    {
        get
        {
            if (!File.Exists(Limits) || File.ReadLines(Limits).FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal)) is not { } line)
            {
                return null;
            }

            // Name (three words), soft limit, hard limit, unit.
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return int.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var soft) ? soft : null;
        }
    }

    /// <summary>Says beforehand that it cannot work, instead of failing in the middle.</summary>
    /// <exception cref="LoadTestException">There are too many for this process.</exception>
    public static void Check(int connections)
    {
        if (Soft is { } soft && soft < connections + Others)
        {
            throw new LoadTestException($"{connections:N0} connections need as many open files, and this process may have {soft:N0}: raise the limit here and for the server (ulimit -n).");
        }
    }
}
