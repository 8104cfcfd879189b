using System.Globalization;
using Spectre.Console;

namespace FanHub.LoadTests.Running;

/// <summary>What people get to read.</summary>
internal static class Reports
{
    private const int WidthOfFiles = 140;

    static Reports()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = WidthOfFiles;
            AnsiConsole.Profile.Capabilities.Ansi = false;
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
            AnsiConsole.Profile.Capabilities.Interactive = false;
        }
    }

    /// <summary>Names the scenarios.</summary>
    public static void List(IReadOnlyList<Scenario> scenarios)
    {
        foreach (var scenario in scenarios)
        {
            AnsiConsole.WriteLine($"{scenario.Name,-16} {scenario.Description}");
        }
    }

    /// <summary>Says what comes.</summary>
    public static void Begin(Scenario scenario) => AnsiConsole.MarkupLineInterpolated($"[bold]{scenario.Name}[/]: {scenario.Description}");

    /// <summary>Says what went wrong.</summary>
    public static void Error(string message) => AnsiConsole.MarkupLineInterpolated($"[red]{message}[/]");

    /// <summary>Shows what was measured, and what held.</summary>
    public static void Show(ScenarioResult result)
    {
        var metrics = new Table().Border(TableBorder.Simple).AddColumn("measured").AddColumn(new TableColumn("value").RightAligned()).AddColumn("unit");
        foreach (var metric in result.Metrics)
        {
            metrics.AddRow(Markup.Escape(metric.Name), Format(metric.Value), Markup.Escape(metric.Unit));
        }

        AnsiConsole.Write(metrics);
        Show(result.Tables);

        var checks = new Table().Border(TableBorder.Simple).AddColumn("check").AddColumn("").AddColumn("detail");
        foreach (var check in result.Checks)
        {
            checks.AddRow(Markup.Escape(check.Name), check.Passed ? "[green]holds[/]" : "[red]FAILED[/]", Markup.Escape(check.Detail));
        }

        AnsiConsole.Write(checks);
        foreach (var note in result.Notes)
        {
            AnsiConsole.WriteLine(note);
        }

        AnsiConsole.MarkupLine(result.Passed ? $"[green]{result.Scenario}: passed[/]" : $"[red]{result.Scenario}: FAILED[/]");
        AnsiConsole.WriteLine();
    }

    /// <summary>Shows tables.</summary>
    public static void Show(IReadOnlyList<ResultTable> tables)
    {
        foreach (var table in tables)
        {
            Show(table);
        }
    }

    private static void Show(ResultTable shown)
    {
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(shown.Title));
        for (var i = 0; i < shown.Columns.Count; i++)
        {
            var column = new TableColumn(Markup.Escape(shown.Columns[i]));
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        foreach (var row in shown.Rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        AnsiConsole.Write(table);
    }

    /// <summary>A figure as people read it.</summary>
    public static string Format(double value) => value.ToString(Math.Abs(value) < 100 && value != Math.Floor(value) ? "0.0##" : "N0", CultureInfo.InvariantCulture);
}
