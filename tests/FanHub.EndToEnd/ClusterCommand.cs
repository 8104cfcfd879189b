using System.Diagnostics;
using System.Globalization;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary><c>./cluster</c>, as people run it: by a link to it, from another folder, for a cluster whose folder has a space in its name and is named from there.</summary>
internal sealed class ClusterCommand : IAsyncDisposable
{
    private readonly string _above = TestCluster.NewFolder();
    private readonly string _link;

    public ClusterCommand()
    {
        _link = Path.Combine(_above, "link");
        File.CreateSymbolicLink(_link, Repository.PathOf("cluster"));
        Folder = Directory.CreateDirectory(Path.Combine(_above, "a cluster")).FullName;
    }

    /// <summary>Where it keeps everything.</summary>
    public string Folder { get; }

    /// <summary>The folder of a service.</summary>
    public string FolderOf(string service) => Path.Combine(Folder, "services", service);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down");
        Directory.Delete(_above, recursive: true);
    }

    /// <summary>Runs it.</summary>
    public Task<(int Code, string Output)> RunAsync(params string[] command) => RunAsync(new Dictionary<string, string?>(StringComparer.Ordinal), command);

    /// <summary>Runs it with more variables in its environment.</summary>
    public async Task<(int Code, string Output)> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] command)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var all = new Dictionary<string, string?>(environment, StringComparer.Ordinal) { ["FANHUB_CLUSTER_FOLDER"] = Path.GetFileName(Folder), ["CONFIGURATION"] = configuration };
        await using var process = await ChildProcess.StartAsync(_link, command, all, workingDirectory: _above);
        return (await process.WaitForExitAsync(TimeSpan.FromSeconds(180)), process.Output);
    }

    /// <summary>Its services, all of which have to be well.</summary>
    public async Task<Dictionary<string, (int Process, int Port, string Health)>> StatusAsync()
    {
        var (code, output) = await RunAsync("status");
        code.ShouldBe(0, output);
        return Status(output);
    }

    /// <summary>What <c>status</c> printed.</summary>
    public static Dictionary<string, (int Process, int Port, string Health)> Status(string output) => output.Split('\n').Skip(1)
        .Select(l => l.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries)).Where(f => f.Length == 4)
        .ToDictionary(f => f[0], f => (f[1] == "-" ? 0 : int.Parse(f[1], CultureInfo.InvariantCulture), f[2] == "-" ? 0 : int.Parse(f[2], CultureInfo.InvariantCulture), f[3].Trim()), StringComparer.Ordinal);

    /// <summary>Ends a process without warning, and waits until it is gone.</summary>
    public static async Task KillAsync(int process)
    {
        using var found = Process.GetProcessById(process);
        found.Kill();
        await found.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>The processes that run in the folder, or were started with a file in it.</summary>
    public IEnumerable<string> Left() =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        let what = Read(folder)
        where what.Contains(Folder, StringComparison.Ordinal)
        select what;

    private static string Read(string process)
    {
        try
        {
            return $"{new FileInfo($"{process}/cwd").LinkTarget} {File.ReadAllText($"{process}/cmdline").Replace('\0', ' ')}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
