using System.Globalization;
using FanHub.LoadTests.Running;
using FanHub.Testing;

namespace FanHub.LoadTests.Profiling;

/// <summary>Samples a server with <c>perf</c> while something runs.</summary>
internal sealed class Sampling : IAsyncDisposable
{
    private const string Frequency = "499";
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder;
    private readonly ChildProcess _perf;
    private readonly IReadOnlyList<int> _nodes;

    private Sampling(DirectoryInfo folder, ChildProcess perf, IReadOnlyList<int> nodes) => (_folder, _perf, _nodes) = (folder, perf, nodes);

    private string Samples => Path.Combine(_folder.FullName, "samples");

    /// <summary>With these, a server says where its code lies. It gets slower: what is measured meanwhile is not to be compared.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_PerfMapEnabled"] = "1", ["DOTNET_EnableWriteXorExecute"] = "0" };

    /// <summary>Begins.</summary>
    /// <param name="nodes">All that were started with these settings; the first one is sampled.</param>
    /// <exception cref="LoadTestException">There is no <c>perf</c>, or it may not.</exception>
    public static async Task<Sampling> StartAsync(IReadOnlyList<int> nodes)
    {
        var folder = Directory.CreateTempSubdirectory("fanhub-profile-");
        var process = nodes[0].ToString(CultureInfo.InvariantCulture);
        try
        {
            return new Sampling(folder, await ChildProcess.StartAsync("perf", ["record", "-q", "-F", Frequency, "-g", "-p", process, "-o", Path.Combine(folder.FullName, "samples")]), nodes);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            folder.Delete(recursive: true);
            throw new LoadTestException($"perf could not be started: {e.Message}");
        }
    }

    /// <summary>Ends, and reads the later half: before that, the server compiled.</summary>
    /// <exception cref="LoadTestException">There are no samples.</exception>
    public async Task<IReadOnlyList<ResultTable>> EndAsync()
    {
        _perf.Terminate();
        await _perf.WaitForExitAsync(EndLimit);
        // By way of a file: it is much, and comes faster than it is read.
        var text = Path.Combine(_folder.FullName, "text");
        await using var script = await ChildProcess.StartAsync("sh", ["-c", "exec perf script -i \"$1\" -F ip,sym,dso --time 50%-100% >\"$2\" 2>/dev/null", "sh", Samples, text]);
        await script.WaitForExitAsync(ReadLimit);
        var time = new SampledTime();
        foreach (var line in File.ReadLines(text))
        {
            time.Read(line);
        }

        time.End();
        return time.Samples > 0 ? time.Tables() : throw new LoadTestException($"perf took no samples. {_perf.Output}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _perf.DisposeAsync();
        _folder.Delete(recursive: true);
        foreach (var node in _nodes)
        {
            // The runtime leaves them where perf looks for them.
            File.Delete(string.Create(CultureInfo.InvariantCulture, $"{Path.GetTempPath()}perf-{node}.map"));
            File.Delete(string.Create(CultureInfo.InvariantCulture, $"{Path.GetTempPath()}perfinfo-{node}.map"));
            File.Delete(string.Create(CultureInfo.InvariantCulture, $"{Path.GetTempPath()}jit-{node}.dump"));
        }
    }
}
