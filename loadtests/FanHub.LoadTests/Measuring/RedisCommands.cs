using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FanHub.LoadTests.Measuring;

/// <summary>How often Redis has carried out which command, also within scripts.</summary>
internal static class RedisCommands
{
    /// <summary>The command by which nodes read a channel's history, and nothing else.</summary>
    public const string HistoryRead = "xrange";

    /// <summary>Asks Redis, as host:port, how often it has carried out a command, in lower case, since it was started.</summary>
    public static async Task<long> CountAsync(string redis, string command, CancellationToken cancellationToken)
    {
        var colon = redis.LastIndexOf(':');
        using var client = new TcpClient();
        await client.ConnectAsync(redis[..colon], int.Parse(redis.AsSpan(colon + 1), CultureInfo.InvariantCulture), cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync("INFO commandstats\r\n"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var length = int.Parse((await reader.ReadLineAsync(cancellationToken))!.AsSpan(1), CultureInfo.InvariantCulture);
        var text = new char[length];
        await reader.ReadBlockAsync(text, cancellationToken);
        return Read(new string(text), command);
    }

    /// <summary>Reads the answer: <c>cmdstat_xrange:calls=12,usec=…</c>, a line for each command that was used.</summary>
    internal static long Read(string statistics, string command)
    {
        var start = $"cmdstat_{command}:calls=";
        return statistics.Split('\n').FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal)) is { } line
            ? long.Parse(line.AsSpan(start.Length, line.IndexOf(',', StringComparison.Ordinal) - start.Length), CultureInfo.InvariantCulture)
            : 0;
    }
}
