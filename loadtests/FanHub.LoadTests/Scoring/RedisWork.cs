using System.Globalization;
using FanHub.Realtime.Redis;

namespace FanHub.LoadTests.Scoring;

/// <summary>What Redis says that it has done.</summary>
/// <param name="CpuMs">CPU time since it started, in ms.</param>
internal sealed record RedisWork(double CpuMs)
{
    /// <summary>Asks it; null where there is none.</summary>
    public static async Task<RedisWork?> AskAsync(RedisConnection? redis) => redis is null
        ? null
        : new RedisWork(1000 * (await InfoAsync(redis, "cpu")).Where(f => f.Name is "used_cpu_user" or "used_cpu_sys").Sum(f => double.Parse(f.Value, CultureInfo.InvariantCulture)));

    private static async Task<IEnumerable<(string Name, string Value)>> InfoAsync(RedisConnection redis, string section) =>
        ((string)await redis.Database.ExecuteAsync("INFO", section))!
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2).Select(parts => (parts[0], parts[1]));
}
