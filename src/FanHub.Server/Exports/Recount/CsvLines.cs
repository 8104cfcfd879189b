using System.Text;

namespace FanHub.Server.Exports.Recount;

/// <summary>Reads the cells of a CSV file (RFC 4180), and takes the apostrophes away that keep spreadsheets from calculating.</summary>
internal sealed class CsvLines(TextReader text)
{
    private const int LongestCell = 1 << 16;

    private readonly StringBuilder _cell = new();

    /// <summary>The line that was read last, from 1; a cell may go over several.</summary>
    public long Line { get; private set; }

    /// <summary>The cells of the next line; null at the end of the file.</summary>
    /// <exception cref="UnreadableExportException">It is not CSV.</exception>
    public List<string>? Read()
    {
        if (text.Peek() < 0)
        {
            return null;
        }

        Line++;
        var cells = new List<string>(12);
        while (true)
        {
            var last = ReadCell();
            cells.Add(WithoutGuards(_cell.ToString()));
            if (last)
            {
                return cells;
            }
        }
    }

    // Whether the line ends with it.
    private bool ReadCell()
    {
        _cell.Clear();
        if (text.Peek() == '"')
        {
            _ = text.Read();
            ReadQuoted();
        }

        while (true)
        {
            switch (text.Read())
            {
                case < 0 or '\n':
                    return true;
                case '\r' when text.Peek() is '\n' or < 0:
                    _ = text.Read();
                    return true;
                case ',':
                    return false;
                case var c:
                    Add((char)c);
                    break;
            }
        }
    }

    private void ReadQuoted()
    {
        while (true)
        {
            var c = text.Read();
            if (c < 0)
            {
                throw new UnreadableExportException($"Line {Line}: a quotation mark is never closed; the file may have been cut off.");
            }

            if (c == '"')
            {
                if (text.Peek() != '"')
                {
                    return;
                }

                _ = text.Read();
            }

            Add((char)c);
        }
    }

    private void Add(char c)
    {
        if (_cell.Length == LongestCell)
        {
            throw new UnreadableExportException($"Line {Line}: a cell has more than {LongestCell} characters.");
        }

        _cell.Append(c);
    }

    private static string WithoutGuards(string cell)
    {
        if (!cell.Contains('\'', StringComparison.Ordinal))
        {
            return cell;
        }

        var plain = new StringBuilder(cell.Length);
        var guarded = true;
        for (var i = 0; i < cell.Length; i++)
        {
            if (guarded && cell[i] == '\'' && i + 1 < cell.Length)
            {
                i++;
            }

            plain.Append(cell[i]);
            guarded = ";\"\t\r\n".Contains(cell[i], StringComparison.Ordinal);
        }

        return plain.ToString();
    }
}
