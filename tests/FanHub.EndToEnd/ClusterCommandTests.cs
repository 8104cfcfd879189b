using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary><c>./cluster</c>, as people run it, in a folder of its own.</summary>
public sealed partial class ClusterCommandTests : IAsyncDisposable
{
    private static readonly string[] Services = ["redis", "postgres", "editor-1", "editor-2", "fan-1", "fan-2", "balancer"];
    private readonly string _folder = TestCluster.NewFolder();

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down");
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_comes_up_stays_mends_what_broke_and_goes_down_without_leaving_a_process()
    {
        (await RunAsync("status")).ShouldBe((1, "Nothing runs. Start it with ./cluster up\n"));

        var clock = Stopwatch.StartNew();
        var (code, output) = await RunAsync("up");
        TestContext.Current.TestOutputHelper?.WriteLine($"up after {clock.Elapsed.TotalSeconds:0.0} s");
        code.ShouldBe(0, output);
        var first = await StatusAsync();
        first.Keys.ShouldBe(Services, ignoreOrder: true);
        first.Values.ShouldAllBe(s => s.Health == "well");
        var address = new Uri(AddressLine().Match(output).Groups["it"].Value);
        using var editor = new EditorClient(address, KeyLine().Match(output).Groups["it"].Value);
        await editor.PutChannelAsync("medals");

        // Again: nothing happens.
        (await RunAsync("up")).Output.ShouldContain(address.ToString());
        (await StatusAsync()).ShouldBe(first);

        // A part crashes: status says so, up mends it, and it is found where it was.
        await KillAsync(first["fan-1"].Process);
        await KillAsync(first["postgres"].Process);
        var (broken, report) = await RunAsync("status");
        broken.ShouldBe(1);
        Status(report)["fan-1"].Health.ShouldStartWith("has ended");
        (await RunAsync("logs")).Output.ShouldContain("FanHub is listening");
        (code, output) = await RunAsync("up");
        code.ShouldBe(0, output);
        var mended = await StatusAsync();
        mended.Select(s => (s.Key, s.Value.Port)).ShouldBe(first.Select(s => (s.Key, s.Value.Port)));
        mended["fan-2"].ShouldBe(first["fan-2"]);
        await Eventually.GetAsync(() => editor.PutChannelAsync("medals"));

        // One node more: the balancer is told.
        (code, output) = await RunAsync("up", "--fans", "3");
        code.ShouldBe(0, output);
        var larger = await StatusAsync();
        larger.Keys.ShouldBe([.. Services, "fan-3"], ignoreOrder: true);
        larger["fan-1"].ShouldBe(mended["fan-1"]);
        (await File.ReadAllTextAsync(Path.Combine(_folder, "services", "balancer", "nginx.conf"))).ShouldContain($":{larger["fan-3"].Port} ");
        larger["balancer"].Process.ShouldNotBe(mended["balancer"].Process);
        larger["balancer"].Port.ShouldBe(mended["balancer"].Port);

        // Down, with a part crashed.
        await KillAsync(mended["editor-1"].Process);
        await KillAsync(mended["postgres"].Process);
        (code, output) = await RunAsync("down");
        code.ShouldBe(0, output);
        Left().ShouldBeEmpty();
        (await RunAsync("down")).ShouldBe((0, "Nothing ran.\n"));
    }

    [Fact]
    public async Task A_process_that_got_the_number_of_one_that_ended_is_left_alone()
    {
        await using var bystander = await ChildProcess.StartAsync("sleep", ["60"]);
        var service = Directory.CreateDirectory(Path.Combine(_folder, "services", "redis")).FullName;
        await File.WriteAllTextAsync(Path.Combine(service, "service.json"), """{"Name":"redis","Kind":0,"Port":1,"Plan":""}""");
        var stat = (await File.ReadAllTextAsync($"/proc/{bystander.Id}/stat")).Split(' ');
        stat[21] = (long.Parse(stat[21], CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(Path.Combine(service, "process"), await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id") + string.Join(' ', stat));

        (await RunAsync("down")).ShouldBe((0, "Nothing ran.\n"));
        bystander.HasExited.ShouldBeFalse();
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] command)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["FANHUB_CLUSTER_FOLDER"] = _folder, ["CONFIGURATION"] = configuration };
        await using var process = await ChildProcess.StartAsync(Repository.PathOf("cluster"), command, environment);
        return (await process.WaitForExitAsync(TimeSpan.FromSeconds(180)), process.Output);
    }

    private async Task<Dictionary<string, (int Process, int Port, string Health)>> StatusAsync()
    {
        var (code, output) = await RunAsync("status");
        code.ShouldBe(0, output);
        return Status(output);
    }

    private static Dictionary<string, (int Process, int Port, string Health)> Status(string output) => output.Split('\n').Skip(1)
        .Select(l => l.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries)).Where(f => f.Length == 4)
        .ToDictionary(f => f[0], f => (f[1] == "-" ? 0 : int.Parse(f[1], CultureInfo.InvariantCulture), int.Parse(f[2], CultureInfo.InvariantCulture), f[3].Trim()), StringComparer.Ordinal);

    private static async Task KillAsync(int process)
    {
        using var found = Process.GetProcessById(process);
        found.Kill();
        await found.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>The processes that run in the folder, or were started with a file in it.</summary>
    private IEnumerable<string> Left() =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        let what = Read(folder)
        where what.Contains(_folder, StringComparison.Ordinal)
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

    [GeneratedRegex(@"page +(?<it>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AddressLine();

    [GeneratedRegex(@"admin key +(?<it>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KeyLine();
}
