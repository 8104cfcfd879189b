using System.CommandLine;
using System.Diagnostics;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Profiling;
using FanHub.LoadTests.Running;
using FanHub.Testing;
using Spectre.Console;

namespace FanHub.LoadTests.Everything;

/// <summary><c>all</c>: starts servers, runs every scenario against them, stops what it started, and writes one file for programs and one for people.</summary>
internal static class EverythingCommand
{
    /// <summary>Runs one scenario, described by arguments of the command line.</summary>
    public delegate Task<(int Code, ScenarioResult? Result)> StepRunner(IReadOnlyList<string> arguments, CancellationToken cancellationToken);

    /// <summary>The command.</summary>
    public static Command Make(StepRunner run)
    {
        var quick = new Option<bool>("--quick") { Description = "Runs small crowds for seconds: shows that everything works, and measures nothing well." };
        var only = new Option<string[]>("--scenario") { Description = "Runs these scenarios instead of all.", AllowMultipleArgumentsPerToken = true };
        var topology = new Option<string[]>("--topology") { Description = "Runs FanHub in these ways instead of all: embedded, cluster.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong(Plan.Scenarios);
        topology.AcceptOnlyFromAmong("embedded", "cluster");
        var profile = new Option<bool>("--profile") { Description = "Samples a node that serves fans with perf (Debian's linux-perf), and tells where its time went. It is slower meanwhile." };
        var folder = new Option<DirectoryInfo>("--folder") { Description = "Where the results go.", DefaultValueFactory = _ => new DirectoryInfo(Repository.PathOf("artifacts")) };
        var command = new Command("all", "Starts servers, embedded and as a cluster, and runs everything against them, other servers in turn.") { quick, only, topology, profile, folder };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(Plan.Make(parsed.GetValue(quick), parsed.GetValue(only) ?? [], parsed.GetValue(topology) ?? []), parsed.GetValue(profile), parsed.GetValue(folder)!, run, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<Step> steps, bool profile, DirectoryInfo folder, StepRunner run, CancellationToken cancellationToken)
    {
        var (done, code, clock) = (new List<StepResult>(), ExitCodes.Passed, Stopwatch.StartNew());
        foreach (var (step, number) in steps.Select((s, i) => (s, i + 1)))
        {
            AnsiConsole.WriteLine(FormattableString.Invariant($"[{clock.Elapsed:mm\\:ss}] step {number} of {steps.Count}: {step.Title}"));
            var before = LoadAverage.Now;
            try
            {
                await using var servers = await step.StartAsync(profile);
                await using var sampling = profile ? await Sampling.StartAsync(servers.Nodes) : null;
                var (stepCode, result) = await run([.. step.Arguments, .. servers.Arguments], cancellationToken);
                code = Math.Max(code, stepCode);
                if (sampling is not null && result is not null)
                {
                    var tables = await sampling.EndAsync();
                    Reports.Show(tables);
                    result = result with { Tables = [.. result.Tables, .. tables] };
                }

                if (result is not null)
                {
                    done.Add(new StepResult(step.Topology, string.Join(' ', step.Arguments), before, LoadAverage.Now, result));
                    // After each step: who stops it half-way has the first half.
                    await EverythingFiles.WriteAsync(folder, done);
                }
            }
            catch (Exception e) when (e is LoadTestException or InvalidOperationException or TimeoutException or IOException)
            {
                Reports.Error($"{step.Title}: {e.Message}");
                code = ExitCodes.CouldNotRun;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return ExitCodes.Cancelled;
            }
        }

        AnsiConsole.WriteLine(FormattableString.Invariant($"[{clock.Elapsed:mm\\:ss}] {done.Count(d => d.Result.Passed)} of {steps.Count} passed. Results: {EverythingFiles.Markdown(folder)} and {EverythingFiles.Json(folder)}"));
        return code;
    }
}

/// <summary>What came of a step.</summary>
/// <param name="Topology">How FanHub ran.</param>
/// <param name="Arguments">What was run.</param>
/// <param name="LoadBefore">How busy the machine was before.</param>
/// <param name="LoadAfter">And after.</param>
/// <param name="Result">What came of it.</param>
internal sealed record StepResult(string Topology, string Arguments, double LoadBefore, double LoadAfter, ScenarioResult Result);
