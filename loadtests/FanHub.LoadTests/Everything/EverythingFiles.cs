using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Everything;

/// <summary>The results of all steps, for programs and for people.</summary>
internal static class EverythingFiles
{
    private static readonly JsonSerializerOptions Options = new(WireJson.Options) { WriteIndented = true };

    /// <summary>The file for programs.</summary>
    public static string Json(DirectoryInfo folder) => Path.Combine(folder.FullName, "load-tests.json");

    /// <summary>The file for people.</summary>
    public static string Markdown(DirectoryInfo folder) => Path.Combine(folder.FullName, "load-tests.md");

    /// <summary>Writes both.</summary>
    public static async Task WriteAsync(DirectoryInfo folder, IReadOnlyList<StepResult> steps)
    {
        folder.Create();
        var machine = new { cores = Environment.ProcessorCount, system = RuntimeInformation.OSDescription, runtime = RuntimeInformation.FrameworkDescription };
        await File.WriteAllTextAsync(Json(folder), JsonSerializer.Serialize(new { at = TimeProvider.System.GetUtcNow(), machine, steps }, Options));
        await File.WriteAllTextAsync(Markdown(folder), Describe($"{machine.cores} cores, {machine.system}, {machine.runtime}", steps));
    }

    /// <summary>What people get to read.</summary>
    internal static string Describe(string machine, IReadOnlyList<StepResult> steps)
    {
        var text = new StringBuilder("# Load tests\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {machine}. Servers, load generator and whatever else ran shared the machine: compare what is side by side.\n\n");
        Append(text, ["scenario", "FanHub", "load average before / after", "checks"], steps.Select(s => (IReadOnlyList<string>)[
            s.Arguments.Replace("--only ", "", StringComparison.Ordinal), s.Topology, string.Create(CultureInfo.InvariantCulture, $"{s.LoadBefore:0.0} / {s.LoadAfter:0.0}"), s.Result.Passed ? "hold" : "**FAILED**",
        ]));
        foreach (var step in steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {step.Result.Scenario}, {step.Topology}\n\n`{step.Arguments}`\n\n");
            foreach (var table in step.Result.Tables)
            {
                text.Append(CultureInfo.InvariantCulture, $"{table.Title}:\n\n");
                Append(text, table.Columns, table.Rows);
            }

            Append(text, ["measured", "value", "unit"], step.Result.Metrics.Select(m => (IReadOnlyList<string>)[m.Name, Reports.Format(m.Value), m.Unit]));
            foreach (var failed in step.Result.Checks.Where(c => !c.Passed))
            {
                text.Append(CultureInfo.InvariantCulture, $"- **FAILED**: {failed.Name} {failed.Detail}\n");
            }

            foreach (var note in step.Result.Notes)
            {
                text.Append(CultureInfo.InvariantCulture, $"- {note}\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Line(columns);
        Line([.. columns.Select(_ => "---")]);
        foreach (var row in rows)
        {
            Line(row);
        }

        text.Append('\n');

        void Line(IReadOnlyList<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }
}
