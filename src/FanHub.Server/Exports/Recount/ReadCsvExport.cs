using System.Text;

namespace FanHub.Server.Exports.Recount;

/// <summary>Hands an export in CSV to whoever counts it, line by line.</summary>
internal sealed class ReadCsvExport(Recounter recounter)
{
    private const string Columns = "line,question,name,value,fan,choices,elapsedMs,creditMs,receipt,rank,score,savedMs";

    private readonly Dictionary<string, string> _head = new(StringComparer.Ordinal);
    private readonly List<IReadOnlyList<string>> _settlements = [];
    private QuestionLines? _question;
    private bool _begun;
    private bool _ended;

    /// <summary>Reads it all.</summary>
    /// <exception cref="UnreadableExportException">It is no whole export.</exception>
    public void Read(Stream file)
    {
        using var text = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
        var lines = new CsvLines(text);
        if (lines.Read() is not { } columns || !string.Equals(string.Join(',', columns), Columns, StringComparison.Ordinal))
        {
            throw new UnreadableExportException($"Its first line does not name the columns of an export ({Columns}).");
        }

        try
        {
            while (lines.Read() is { } cells)
            {
                Take(cells);
            }
        }
        catch (UnreadableExportException problem) when (!problem.Message.StartsWith("Line ", StringComparison.Ordinal))
        {
            throw new UnreadableExportException($"Line {lines.Line}: {problem.Message}");
        }

        if (!_ended)
        {
            throw new UnreadableExportException("Its last line is missing: the export was broken off.");
        }
    }

    private void Take(List<string> cells)
    {
        if (_ended || cells.Count != 12)
        {
            throw new UnreadableExportException(_ended ? "Something comes after the end." : $"There are {cells.Count} cells, not 12; the file may have been cut off.");
        }

        switch (cells[0])
        {
            case "head" or "settlement" or "option" or "label" or "correct":
                TakeHead(cells);
                break;
            case "question":
                Begin();
                _question = new QuestionLines(cells[1], cells[2]);
                break;
            case "ballot":
                BeginQuestion();
                recounter.Ballot(new StatedBallot(
                    StatedText.Fan(cells[4]), cells[5].Split(' ', StringSplitOptions.RemoveEmptyEntries), StatedText.Number(cells[6]), StatedText.Number(cells[7]), cells[8],
                    cells[10].Length > 0 ? StatedText.Number(cells[10]) : null));
                break;
            case "place":
                Begin();
                recounter.Place(new StatedPlace(StatedText.Number(cells[9]), StatedText.Fan(cells[4]), StatedText.Number(cells[10]), StatedText.Number(cells[11])));
                break;
            case "end":
                Begin();
                recounter.End(StatedText.Number(cells[3]), StatedText.Number(cells[9]));
                _ended = true;
                break;
            default:
                throw new UnreadableExportException($"There are no lines of the kind '{cells[0]}'.");
        }
    }

    private void TakeHead(List<string> cells)
    {
        var (line, name, value) = (cells[0], cells[2], cells[3]);
        if (_question is { } question)
        {
            question.Take(line, name, value);
        }
        else if (_begun || line is not ("head" or "settlement"))
        {
            throw new UnreadableExportException($"This is no place for a line of the kind '{line}'.");
        }
        else if (line == "settlement")
        {
            _settlements.Add(cells[5].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        else if (!_head.TryAdd(name, value))
        {
            throw new UnreadableExportException($"It has two values of {name}.");
        }
    }

    // What was begun is there as soon as something else comes.
    private void Begin()
    {
        if (!_begun)
        {
            _begun = true;
            StatedText.RequireFormat(_head.GetValueOrDefault("format"));
            recounter.Begin(new StatedExport
            {
                Kind = Needed("kind"),
                Id = Needed("id"),
                Channel = Needed("channel"),
                Title = _head.GetValueOrDefault("title"),
                State = _head.GetValueOrDefault("state"),
                ExportedAt = _head.GetValueOrDefault("exportedAt"),
                Points = StatedText.Number(_head.GetValueOrDefault("points", "0")),
                Settlements = _settlements,
                Scoring = _head.GetValueOrDefault("scoring"),
                StreakBonus = StatedText.Number(_head.GetValueOrDefault("streakBonus", "0")),
            });
        }

        BeginQuestion();
    }

    private void BeginQuestion()
    {
        if (_question is { } question)
        {
            _question = null;
            recounter.Question(question.Stated());
        }
    }

    private string Needed(string name) => _head.GetValueOrDefault(name) ?? throw new UnreadableExportException($"Its beginning does not have {name}.");

    /// <summary>The lines of one question.</summary>
    private sealed class QuestionLines(string id, string box)
    {
        private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
        private readonly List<string> _options = [];
        private readonly List<long> _counts = [];
        private readonly List<string> _correct = [];

        public void Take(string line, string name, string value)
        {
            switch (line)
            {
                case "option":
                    _options.Add(name);
                    _counts.Add(StatedText.Number(value));
                    break;
                case "correct":
                    _correct.Add(name);
                    break;
                case "head" when !_values.TryAdd(name, value):
                    throw new UnreadableExportException($"It has two values of {name}.");
                case "settlement":
                    throw new UnreadableExportException("This is no place for a settlement.");
            }
        }

        public StatedQuestion Stated() => new()
        {
            Id = id,
            Box = box,
            Options = _options,
            MaxChoices = Number("maxChoices"),
            State = _values.GetValueOrDefault("state"),
            Correct = _correct,
            Points = StatedText.Number(_values.GetValueOrDefault("points", "0")),
            Seconds = StatedText.Number(_values.GetValueOrDefault("seconds", "0")),
            Result = new StatedResult(
                _counts, Number("ballots"), Number("changed"), Number("repeated"), Number("late"), Number("refused"),
                StatedText.Moment(Needed("openedAt")), StatedText.Moment(Needed("closedAt")), Needed("digest")),
        };

        private long Number(string name) => StatedText.Number(Needed(name));

        private string Needed(string name) => _values.GetValueOrDefault(name) ?? throw new UnreadableExportException($"The question '{id}' does not have {name}.");
    }
}
