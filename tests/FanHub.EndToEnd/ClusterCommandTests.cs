using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary><c>./cluster</c>, as people run it, in a folder of its own.</summary>
public sealed partial class ClusterCommandTests : IAsyncDisposable
{
    private static readonly string[] Services = ["redis", "postgres", "editor-1", "editor-2", "fan-1", "fan-2", "balancer"];
    private readonly ClusterCommand _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task It_comes_up_stays_mends_what_broke_and_goes_down_without_leaving_a_process()
    {
        (await _cluster.RunAsync("status")).ShouldBe((1, "Nothing runs. Start it with ./cluster up\n"));

        var clock = Stopwatch.StartNew();
        var (code, output) = await _cluster.RunAsync("up");
        TestContext.Current.TestOutputHelper?.WriteLine($"up after {clock.Elapsed.TotalSeconds:0.0} s");
        code.ShouldBe(0, output);
        var first = await _cluster.StatusAsync();
        first.Keys.ShouldBe(Services, ignoreOrder: true);
        first.Values.ShouldAllBe(s => s.Health == "well");
        var address = new Uri(AddressLine().Match(output).Groups["it"].Value);
        using var editor = new EditorClient(address, KeyLine().Match(output).Groups["it"].Value);
        await editor.PutChannelAsync("medals");

        // Again: nothing happens.
        (await _cluster.RunAsync("up")).Output.ShouldContain(address.ToString());
        (await _cluster.StatusAsync()).ShouldBe(first);

        // A part crashes: status says so, up mends it, and it is found where it was.
        await ClusterCommand.KillAsync(first["fan-1"].Process);
        await ClusterCommand.KillAsync(first["postgres"].Process);
        var (broken, report) = await _cluster.RunAsync("status");
        broken.ShouldBe(1);
        ClusterCommand.Status(report)["fan-1"].Health.ShouldStartWith("has ended");
        (await _cluster.RunAsync("logs")).Output.ShouldContain("FanHub is listening");
        (code, output) = await _cluster.RunAsync("up");
        code.ShouldBe(0, output);
        var mended = await _cluster.StatusAsync();
        mended.Select(s => (s.Key, s.Value.Port)).ShouldBe(first.Select(s => (s.Key, s.Value.Port)));
        mended["fan-2"].ShouldBe(first["fan-2"]);
        await Eventually.GetAsync(() => editor.PutChannelAsync("medals"));

        // One node more: the balancer is told, and nobody is cut off.
        await using var fan = await RawFan.ConnectAsync(address, (await RawFan.SessionAsync(address)).Token);
        (code, output) = await _cluster.RunAsync("up", "--fans", "3");
        code.ShouldBe(0, output);
        var larger = await _cluster.StatusAsync();
        larger.Keys.ShouldBe([.. Services, "fan-3"], ignoreOrder: true);
        larger["fan-1"].ShouldBe(mended["fan-1"]);
        (await File.ReadAllTextAsync(Path.Combine(_cluster.Folder, "services", "balancer", "nginx.conf"))).ShouldContain($":{larger["fan-3"].Port} ");
        larger["balancer"].ShouldBe(mended["balancer"]);
        (await fan.InvokeAsync("Now")).TryGetProperty("result", out _).ShouldBeTrue("its connection goes on");

        // As many as before: the third one is gone, and nobody waits for it.
        (code, output) = await _cluster.RunAsync("up");
        code.ShouldBe(0, output);
        (await _cluster.StatusAsync()).ShouldBe(mended, ignoreOrder: true);
        (await fan.InvokeAsync("Now")).TryGetProperty("result", out _).ShouldBeTrue("its connection goes on");

        // Down, with a part crashed.
        await ClusterCommand.KillAsync(mended["editor-1"].Process);
        await ClusterCommand.KillAsync(mended["postgres"].Process);
        (code, output) = await _cluster.RunAsync("down");
        code.ShouldBe(0, output);
        _cluster.Left().ShouldBeEmpty();
        (await _cluster.RunAsync("down")).ShouldBe((0, "Nothing ran.\n"));
    }

    [Fact]
    public async Task A_process_that_got_the_number_of_one_that_ended_is_left_alone()
    {
        await using var bystander = await ChildProcess.StartAsync("sleep", ["60"]);
        var service = Directory.CreateDirectory(Path.Combine(_cluster.Folder, "services", "redis")).FullName;
        await File.WriteAllTextAsync(Path.Combine(service, "service.json"), """{"Name":"redis","Kind":0,"Port":1,"Plan":""}""");
        var stat = (await File.ReadAllTextAsync($"/proc/{bystander.Id}/stat")).Split(' ');
        stat[21] = (long.Parse(stat[21], CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(Path.Combine(service, "process"), await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id") + string.Join(' ', stat));

        (await _cluster.RunAsync("down")).ShouldBe((0, "Nothing ran.\n"));
        bystander.HasExited.ShouldBeFalse();
    }

    [GeneratedRegex(@"page +(?<it>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AddressLine();

    [GeneratedRegex(@"admin key +(?<it>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KeyLine();
}
