using System.Runtime.InteropServices;
using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.LoadTests.Running;

/// <summary>Results for programs to read.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Json = new(WireJson.Options) { WriteIndented = true };

    /// <summary>Writes them. No key is among the settings.</summary>
    public static async Task WriteAsync(FileInfo file, LoadOptions options, IReadOnlyList<ScenarioResult> results)
    {
        file.Directory?.Create();
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(
            stream,
            new
            {
                at = TimeProvider.System.GetUtcNow(),
                machine = new { cores = Environment.ProcessorCount, system = RuntimeInformation.OSDescription, runtime = RuntimeInformation.FrameworkDescription },
                settings = options with { Key = "", Feed = options.Feed with { Key = "" } },
                results,
            },
            Json);
    }
}
