using System.Globalization;

namespace FanHub.Server.Exports.Recount;

/// <summary>Shows what was counted to people.</summary>
internal static class RecountTable
{
    private const int LongestName = 32;

    /// <summary>Prints it.</summary>
    public static void Print(Recounter recounter, Differences differences, WantedReceipts receipts, TextWriter output)
    {
        var export = recounter.Export;
        output.WriteLine($"{char.ToUpperInvariant(export.Kind[0])}{export.Kind[1..]} {Shown(export.Id)}{(export.Title is { Length: > 0 } title ? $", \"{Shown(title)}\"" : string.Empty)}");
        output.WriteLine($"channel {Shown(export.Channel)}{(export.State is { } state ? $", {Shown(state)}" : string.Empty)}{(export.ExportedAt is { } at ? $", exported {Shown(at)}" : string.Empty)}");
        foreach (var question in recounter.Questions)
        {
            Print(question, output);
        }

        if (recounter.Places > 0)
        {
            output.WriteLine();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Leaderboard: {recounter.Places} places, {(recounter.Scored ? "each worked out from the answers" : "whose ranks follow from the points; where those come from is not in this file")}"));
        }

        if (receipts.Count > 0)
        {
            output.WriteLine();
            foreach (var line in receipts.Lines())
            {
                output.WriteLine(Shown(line));
            }
        }

        output.WriteLine();
        foreach (var difference in differences.First)
        {
            output.WriteLine($"DIFFERENT: {Shown(difference)}");
        }

        output.WriteLine(Verdict(differences, receipts));
    }

    private static void Print(CountQuestion question, TextWriter output)
    {
        var stated = question.Stated;
        output.WriteLine();
        if (stated.Id.Length > 0)
        {
            output.WriteLine($"Question {Shown(stated.Id)}{(stated.State is { } state && state != "revealed" ? $", {Shown(state)}: earns no points" : string.Empty)}");
        }

        Row(output, "option", "recount", "certified");
        for (var i = 0; i < stated.Options.Count; i++)
        {
            Row(output, stated.Options[i], Number(question.Counts[i]), Number(stated.Result.Counts[i]));
        }

        Row(output, "all ballots", Number(question.Ballots), Number(stated.Result.Ballots));
        output.WriteLine($"digest {question.Digest}");
    }

    private static string Verdict(Differences differences, WantedReceipts receipts)
    {
        var verdict = differences.Count == 0 ? "RECOUNT OK" : string.Create(CultureInfo.InvariantCulture, $"NOT AS IN THE EXPORT: {differences.Count} differences");
        return receipts.Missing == 0 ? verdict : string.Create(CultureInfo.InvariantCulture, $"{verdict}, {(differences.Count == 0 ? "but" : "and")} {receipts.Missing} of {receipts.Count} receipts not found");
    }

    private static void Row(TextWriter output, string name, string recount, string certified) => output.WriteLine($"  {Shown(name).PadRight(LongestName)}  {recount,12}  {certified,12}");

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    // A file that somebody made up must not be able to command the terminal.
    private static string Shown(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
