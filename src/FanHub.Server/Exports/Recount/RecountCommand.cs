namespace FanHub.Server.Exports.Recount;

/// <summary><c>FanHub.Server recount</c>: counts a file that was exported again, without a server. Shares no code with what makes counts, points and files: it follows <c>docs/recount.md</c> alone.</summary>
internal static class RecountCommand
{
    /// <summary>The argument that asks for it.</summary>
    public const string Name = "recount";

    private const int Same = 0;
    private const int Different = 1;
    private const int Unreadable = 2;

    private const string Usage = """
        FanHub.Server recount <file> [--receipt <receipt>]…

        Counts an export of FanHub again (of a poll, a prediction, a quiz or a leaderboard, in JSON or CSV), and compares everything with what it says.
        --receipt says whether the ballot that you have the receipt of is in it, and what it says.

        Ends with 0 where all is as the export says, with 1 where something is not, or a receipt is not in it, and with 2 where there is nothing to count.
        docs/recount.md has the rules.
        """;

    /// <summary>Runs it.</summary>
    /// <param name="arguments">What follows its name.</param>
    /// <param name="output">Takes the counts.</param>
    /// <param name="errors">Takes what keeps it from counting.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        if (arguments is ["--help" or "-h"])
        {
            output.WriteLine(Usage);
            return Same;
        }

        if (Mistake(arguments, out var file, out var receipts) is { } mistake)
        {
            errors.WriteLine($"{mistake}\n\n{Usage}");
            return Unreadable;
        }

        var differences = new Differences();
        var wanted = new WantedReceipts(receipts);
        var recounter = new Recounter(differences, wanted);
        try
        {
            Read(file!, recounter);
        }
        catch (UnreadableExportException problem)
        {
            errors.WriteLine($"{file} cannot be counted. {problem.Message}");
            return Unreadable;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"{file} cannot be read. {problem.Message}");
            return Unreadable;
        }

        RecountTable.Print(recounter, differences, wanted, output);
        return differences.Count == 0 && wanted.Missing == 0 ? Same : Different;
    }

    private static string? Mistake(IReadOnlyList<string> arguments, out string? file, out List<string> receipts)
    {
        (file, receipts) = (null, []);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--receipt")
            {
                // A receipt may begin with a hyphen.
                if (++i == arguments.Count || !WantedReceipts.IsReceipt(arguments[i]))
                {
                    return i == arguments.Count ? "--receipt needs a receipt." : $"'{arguments[i]}' is not a receipt: it has 20 letters, digits, hyphens and underscores.";
                }

                receipts.Add(arguments[i]);
            }
            else if (arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                return $"There is no option {arguments[i]}.";
            }
            else if (file is not null)
            {
                return "One file at a time.";
            }
            else
            {
                file = arguments[i];
            }
        }

        return file is null ? "Which file?" : null;
    }

    private static void Read(string path, Recounter recounter)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        // With or without a byte order mark.
        Span<byte> start = stackalloc byte[4];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var mark = start[..read].StartsWith("\uFEFF"u8) ? 3 : 0;
        file.Position = mark;
        if (read > mark && start[mark] == '{')
        {
            new ReadJsonExport(recounter).Read(file);
        }
        else
        {
            new ReadCsvExport(recounter).Read(file);
        }
    }
}
