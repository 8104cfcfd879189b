using System.Diagnostics;

namespace FanHub.EndToEnd;

/// <summary><c>./cluster</c> where something has gone wrong before.</summary>
public sealed class ClusterTroubleTests : IAsyncDisposable
{
    private readonly ClusterCommand _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task What_was_killed_frozen_or_forgotten_comes_back_and_all_of_it_ends()
    {
        var unlimited = new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub__Limits__Enabled"] = "false" };
        var (code, output) = await _cluster.RunAsync(unlimited, "up");
        code.ShouldBe(0, output);
        var first = await _cluster.StatusAsync();

        // Other settings than those that the nodes run with: refused, for they would reach none of them, or only some.
        foreach (var other in (string[])["FanHub__Limits__CallBurst", "FanHub__Limits__Enabled"])
        {
            (code, output) = await _cluster.RunAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { [other] = "1" }, "up");
            code.ShouldBe(1, output);
            output.ShouldContain(other);
            output.ShouldContain("./cluster down first");
        }

        (await _cluster.StatusAsync()).ShouldBe(first);

        // A database killed this moment, a node frozen, two forgotten, a node killed.
        Signal("KILL", first["postgres"].Process);
        Signal("KILL", first["fan-2"].Process);
        Signal("STOP", first["editor-1"].Process);
        await File.WriteAllTextAsync(Path.Combine(_cluster.FolderOf("fan-1"), "service.json"), "");
        await File.WriteAllTextAsync(Path.Combine(_cluster.FolderOf("editor-2"), "process"), "");
        var clock = Stopwatch.StartNew();
        (code, output) = await _cluster.RunAsync("up");
        code.ShouldBe(0, output);
        output.ShouldContain($"editor-1 does not answer: process {first["editor-1"].Process} is ended");
        TestContext.Current.TestOutputHelper?.WriteLine($"mended after {clock.Elapsed.TotalSeconds:0.0} s");
        var mended = await _cluster.StatusAsync();
        mended["editor-2"].ShouldBe(first["editor-2"], "it was found without what was written down");
        mended["editor-1"].Port.ShouldBe(first["editor-1"].Port);
        mended["fan-1"].Process.ShouldNotBe(first["fan-1"].Process);

        // Whoever is started again has the settings of the others.
        (await File.ReadAllTextAsync($"/proc/{mended["fan-2"].Process}/environ")).ShouldContain("FanHub__Limits__Enabled=false");

        // Down, with a service that nothing is known of, one whose process is not written down, and a balancer that left its workers behind.
        await File.WriteAllTextAsync(Path.Combine(_cluster.FolderOf("redis"), "service.json"), "{");
        await File.WriteAllTextAsync(Path.Combine(_cluster.FolderOf("fan-1"), "process"), "");
        await File.WriteAllTextAsync(Path.Combine(_cluster.FolderOf("fan-2"), "service.json"), "");
        await File.WriteAllTextAsync(Path.Combine(_cluster.FolderOf("fan-2"), "process"), "");
        Signal("KILL", mended["balancer"].Process);
        (code, output) = await _cluster.RunAsync("status");
        code.ShouldBe(1, output);
        ClusterCommand.Status(output)["fan-2"].Health.ShouldContain("service.json cannot be read");
        (code, output) = await _cluster.RunAsync("down");
        code.ShouldBe(0, output);
        _cluster.Left().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_service_says_when_it_does_not_start_is_told_without_what_it_said_before_and_empty_keys_are_none()
    {
        var (code, output) = await _cluster.RunAsync("up");
        code.ShouldBe(0, output);
        await _cluster.RunAsync("down");
        await File.WriteAllTextAsync(Path.Combine(_cluster.Folder, "admin.key"), "\n");
        File.Delete(Path.Combine(_cluster.FolderOf("postgres"), "data", "PG_VERSION"));

        (code, output) = await _cluster.RunAsync("up");
        code.ShouldBe(1, output);
        output.ShouldContain("postgres ended while starting");
        output.ShouldContain("is not a valid data directory");
        output.ShouldNotContain("ready to accept connections");
        (await File.ReadAllTextAsync(Path.Combine(_cluster.Folder, "admin.key"))).Trim().ShouldNotBeEmpty();

        await File.WriteAllTextAsync(Path.Combine(_cluster.FolderOf("postgres"), "password"), "");
        (code, output) = await _cluster.RunAsync("up");
        code.ShouldBe(1, output);
        output.ShouldContain("The password of PostgreSQL is missing");
    }

    private static void Signal(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }
}
