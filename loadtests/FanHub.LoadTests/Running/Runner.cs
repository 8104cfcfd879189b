namespace FanHub.LoadTests.Running;

/// <summary>Runs scenarios one after the other, each within its time, and reports.</summary>
internal sealed class Runner(LoadOptions options, FileInfo? file)
{
    private readonly List<ScenarioResult> _results = [];

    /// <summary>What came of those that could be run.</summary>
    public IReadOnlyList<ScenarioResult> Results => _results;

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(IReadOnlyList<Scenario> scenarios, CancellationToken cancellationToken)
    {
        var code = ExitCodes.Passed;
        foreach (var scenario in scenarios)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(options.Limit);
            Reports.Begin(scenario);
            try
            {
                var result = await Stages.ShowAsync(stages => scenario.RunAsync(options, stages, limit.Token));
                Reports.Show(result);
                _results.Add(result);
                code = result.Passed ? code : ExitCodes.CheckFailed;
            }
            catch (LoadTestException e)
            {
                Reports.Error(e.Message);
                code = ExitCodes.CouldNotRun;
                break;
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                Reports.Error("Stopped.");
                code = ExitCodes.Cancelled;
                break;
            }
            catch (OperationCanceledException)
            {
                Reports.Error($"{scenario.Name} was not done after {options.Limit.TotalMinutes:0.#} minutes.");
                code = ExitCodes.CouldNotRun;
                break;
            }
        }

        if (file is not null && _results.Count > 0)
        {
            await ResultFile.WriteAsync(file, options, _results);
        }

        return code;
    }
}
