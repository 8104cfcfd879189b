namespace FanHub.Server.Exports.Recount;

/// <summary>Counts an export again while it is read, and compares.</summary>
internal sealed class Recounter(Differences differences, WantedReceipts receipts)
{
    private readonly List<CountQuestion> _questions = [];
    private readonly CheckRanks _ranks = new(differences);
    private StatedExport? _export;
    private CountQuestion? _question;
    private ScoreQuiz? _scores;
    private long _ballots;
    private bool _finished;

    /// <summary>What the export says of itself.</summary>
    public StatedExport Export => _export ?? throw new UnreadableExportException("It has no beginning.");

    /// <summary>Every count.</summary>
    public IReadOnlyList<CountQuestion> Questions => _questions;

    /// <summary>How many places of the leaderboard were compared.</summary>
    public long Places { get; private set; }

    /// <summary>Whether scores were worked out.</summary>
    public bool Scored => _scores is not null && Places > 0;

    /// <summary>The beginning.</summary>
    public void Begin(StatedExport export)
    {
        _export = export;
        if (export.Kind is not ("poll" or "prediction" or "quiz" or "leaderboard"))
        {
            throw new UnreadableExportException($"It is an export of a '{export.Kind}', which there is not.");
        }

        if (export.Kind == "quiz")
        {
            _scores = export.Scoring is "speed" or "accuracy" or "floor" ? new ScoreQuiz(export, differences) : throw new UnreadableExportException("It does not say how its quiz is scored.");
        }
    }

    /// <summary>A count begins.</summary>
    public void Question(StatedQuestion question)
    {
        if (_finished || _questions.Exists(q => q.Stated.Box == question.Box))
        {
            throw new UnreadableExportException($"The question '{question.Box}' is there twice, or comes too late.");
        }

        if (_scores is not null && question.Seconds <= 0)
        {
            throw new UnreadableExportException($"The question '{question.Id}' has no time limit.");
        }

        FinishQuestion();
        _question = new CountQuestion(Export, question, differences);
        _questions.Add(_question);
        _scores?.Next();
    }

    /// <summary>A ballot of it.</summary>
    public void Ballot(in StatedBallot ballot)
    {
        if (_question is null)
        {
            throw new UnreadableExportException("A ballot comes before its question, or too late.");
        }

        _ballots++;
        var counts = _question.Add(ballot);
        receipts.Look(_question, ballot, counts);
        if (!counts)
        {
            return;
        }

        _scores?.Add(_question.Stated, ballot);
        if (Export.Kind == "prediction" && PredictionPoints.Of(Export, ballot) is var points && points != ballot.Points)
        {
            differences.Add(FormattableString.Invariant($"Points of fan {StatedText.Of(ballot.Fan)}: {Earned(points)} by the recount, {Earned(ballot.Points)} in the export."));
        }

        static string Earned(long? points) => points is { } earned ? FormattableString.Invariant($"{earned}") : "none";
    }

    /// <summary>A place on the leaderboard.</summary>
    public void Place(in StatedPlace place)
    {
        FinishQuestion();
        _finished = true;
        Places++;
        if (_scores is not null)
        {
            _scores.Compare(place);
        }
        else
        {
            _ranks.Check(place);
        }
    }

    /// <summary>The end.</summary>
    public void End(long ballots, long places)
    {
        FinishQuestion();
        _finished = true;
        differences.Compare("Ballots in the file, in all", _ballots, ballots);
        differences.Compare("Places in the file", Places, places);
        if (_scores is not null && Export.State != "revoked")
        {
            _scores.Finish();
        }

        if (Export.Kind is not "leaderboard" && _questions.Count == 0)
        {
            throw new UnreadableExportException("There is nothing in it to count.");
        }
    }

    private void FinishQuestion()
    {
        _question?.Finish();
        _question = null;
    }
}
