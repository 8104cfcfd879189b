using System.Diagnostics;
using FanHub.Testing;

namespace FanHub.Tests.Deploy;

/// <summary>Which build the script runs, without building or starting anything: in a folder of its own, with a <c>dotnet</c> that says what it was told.</summary>
public sealed class ClusterScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fanhub-script-").FullName;

    public ClusterScriptTests()
    {
        File.Copy(Repository.PathOf("cluster"), Path.Combine(_folder, "cluster"));
        foreach (var program in (string[])["dotnet", "nginx", "redis-server", "initdb"])
        {
            Write($"programs/{program}", "#!/bin/sh\necho \"$(basename \"$0\") $*\"\n");
        }

        using var chmod = Process.Start("chmod", ["-R", "+x", Path.Combine(_folder, "programs")]);
        chmod.WaitForExit();

        Directory.CreateDirectory(Path.Combine(_folder, "src"));
        Directory.CreateDirectory(Path.Combine(_folder, "tests", "FanHub.Testing"));
        Write("Directory.Build.props", "");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("status")]
    [InlineData("logs")]
    [InlineData("down")]
    public async Task What_was_started_as_a_release_build_is_asked_and_ended_by_it_without_building_another(string command)
    {
        Build("Release");
        (await RunAsync("up", "Release")).ShouldBe("dotnet tests/FanHub.Cluster/bin/Release/net10.0/FanHub.Cluster.dll up");
        (await RunAsync(command)).ShouldBe($"dotnet tests/FanHub.Cluster/bin/Release/net10.0/FanHub.Cluster.dll {command}");
        // Who says which, gets it.
        (await RunAsync(command, "Debug")).ShouldStartWith("Building\ndotnet build tests/FanHub.Cluster -c Debug");
    }

    [Fact]
    public async Task Starting_takes_the_debug_build_where_nothing_else_is_said()
    {
        Build("Release");
        Build("Debug");
        await RunAsync("up", "Release");
        (await RunAsync("up")).ShouldBe("dotnet tests/FanHub.Cluster/bin/Debug/net10.0/FanHub.Cluster.dll up");
        (await RunAsync("down")).ShouldBe("dotnet tests/FanHub.Cluster/bin/Debug/net10.0/FanHub.Cluster.dll down");
    }

    private void Build(string configuration)
    {
        foreach (var project in (string[])["tests/FanHub.Cluster", "src/FanHub.Server"])
        {
            Write($"{project}/bin/{configuration}/net10.0/{Path.GetFileName(project)}.dll", "");
        }
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task<string> RunAsync(string command, string? configuration = null)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(_folder, "cluster"), command]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{Path.Combine(_folder, "programs")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment.Remove("FANHUB_CLUSTER_FOLDER");
        start.Environment.Remove("CONFIGURATION");
        if (configuration is not null)
        {
            start.Environment["CONFIGURATION"] = configuration;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        (await errors).ShouldBeEmpty();
        return output.Trim();
    }
}
