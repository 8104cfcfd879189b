using Spectre.Console;

namespace FanHub.LoadTests.Running;

/// <summary>Shows how far a scenario is: as bars on a terminal, as lines elsewhere.</summary>
internal sealed class Stages(ProgressContext context)
{
    /// <summary>Runs a scenario and shows its stages.</summary>
    public static Task<ScenarioResult> ShowAsync(Func<Stages, Task<ScenarioResult>> run) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
        .StartAsync(context => run(new Stages(context)));

    /// <summary>Begins a stage of that many steps.</summary>
    /// <returns>To be called for each step, from any thread.</returns>
    public Action Begin(string what, int steps)
    {
        var task = context.AddTask(Markup.Escape(what), maxValue: Math.Max(1, steps));
        return () => task.Increment(1);
    }

    /// <summary>Shows a stage that has no steps while it lasts.</summary>
    public async Task<T> DuringAsync<T>(string what, Task<T> work)
    {
        var done = Begin(what, 1);
        var result = await work;
        done();
        return result;
    }

    /// <inheritdoc cref="DuringAsync{T}"/>
    public async Task DuringAsync(string what, Task work)
    {
        var done = Begin(what, 1);
        await work;
        done();
    }
}
