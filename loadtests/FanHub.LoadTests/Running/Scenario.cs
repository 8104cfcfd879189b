namespace FanHub.LoadTests.Running;

/// <summary>A load test that checks itself.</summary>
/// <param name="Name">What <c>--only</c> calls it.</param>
/// <param name="Description">What it shows.</param>
/// <param name="RunAsync">Runs it; fails with <see cref="LoadTestException"/> where it could not be run.</param>
internal sealed record Scenario(string Name, string Description, Func<LoadOptions, Stages, CancellationToken, Task<ScenarioResult>> RunAsync)
{
    /// <summary>What the options lack to run it; null where nothing. It is left out then, unless it was asked for by name.</summary>
    public Func<LoadOptions, string?> Missing { get; init; } = _ => null;

    /// <summary>Whether it takes a server, and its admin key. One that does not is only run where it was asked for by name.</summary>
    public bool TakesServer { get; init; } = true;
}

/// <summary>What came of it.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="Checks">What had to hold.</param>
/// <param name="Metrics">What was measured.</param>
internal sealed record ScenarioResult(string Scenario, IReadOnlyList<Check> Checks, IReadOnlyList<Metric> Metrics)
{
    /// <summary>Whether everything held that had to.</summary>
    public bool Passed => Checks.All(c => c.Passed);

    /// <summary>What is better shown side by side.</summary>
    public IReadOnlyList<ResultTable> Tables { get; init; } = [];

    /// <summary>What else has to be known about it.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Figures side by side.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Columns">The heads of the columns.</param>
/// <param name="Rows">The rows; the first of each says whose they are.</param>
internal sealed record ResultTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>Something that had to hold.</summary>
/// <param name="Name">What, as a sentence.</param>
/// <param name="Passed">Whether it did.</param>
/// <param name="Detail">The numbers behind it.</param>
internal sealed record Check(string Name, bool Passed, string Detail)
{
    /// <summary>Holds where both are the same.</summary>
    public static Check Equal(string name, long expected, long actual) =>
        new(name, expected == actual, expected == actual ? FormattableString.Invariant($"{actual:N0}") : FormattableString.Invariant($"{actual:N0} instead of {expected:N0}"));
}

/// <summary>Something that was measured.</summary>
/// <param name="Name">What.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
internal sealed record Metric(string Name, double Value, string Unit);
