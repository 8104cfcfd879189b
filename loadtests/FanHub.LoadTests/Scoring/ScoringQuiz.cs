using FanHub.Contracts;
using FanHub.LoadTests.Quizzes;
using FanHub.Server.Ballots;
using FanHub.Server.Leaderboards;
using FanHub.Server.Questions;
using FanHub.Server.Quizzes;

namespace FanHub.LoadTests.Scoring;

/// <summary>A quiz that everybody has answered: who answers what, and when, follows from the fan's number, so that neither answers nor scores need be kept.</summary>
internal sealed class ScoringQuiz
{
    private const string Channel = "scoring";
    private const int Options = 4;
    private const ulong Correct = 0b0010;
    private const int Points = 1000;
    private const int Seconds = 5;
    private const int LimitMs = Seconds * 1000;
    private const int AtOnce = 4;

    // As large as numbers are, and the first of a chunk, as those are that nodes take.
    private const long FirstFan = 50_000_000_000L * 1024;

    private readonly Quiz _quiz;
    private readonly int _participants;
    private readonly int _streakBonus;
    private QuizAwards? _awards;

    /// <summary>Nobody has answered yet.</summary>
    /// <param name="load">How large it is.</param>
    /// <param name="participants">How many answer; their numbers follow each other, as those of fans do who come in the same minutes.</param>
    public ScoringQuiz(ScoringLoad load, int participants)
    {
        (_participants, _streakBonus) = (participants, load.StreakBonus);
        var now = TimeProvider.System.GetUtcNow();
        _quiz = Quiz.Draft(Channel, Content(load), now);
        _quiz.Start(now, now);
        for (var question = 0; question < load.Questions; question++)
        {
            if (question > 0)
            {
                _quiz.Next(now, now);
            }

            _quiz.Close(Certified(now), now);
            _quiz.Reveal(now);
        }
    }

    /// <summary>Its leaderboard.</summary>
    public string Board => _quiz.Id;

    /// <summary>Its boxes, one for each question.</summary>
    public IEnumerable<Round> Rounds => _quiz.Questions.Select(_quiz.RoundOf);

    /// <summary>What the points of a question are given for; one after the other it is as on a server.</summary>
    public AwardJob Job(IBallotBox box, int question) => (_awards ??= new QuizAwards(box)).Job(_quiz, _quiz.Questions[question]);

    /// <summary>Lets everybody answer a question, and seals it.</summary>
    public async Task FillAsync(IBallotBox box, int question, Action<int> answered, CancellationToken cancellationToken)
    {
        var round = _quiz.RoundOf(_quiz.Questions[question]);
        var batches = Enumerable.Range(0, (_participants + BallotRules.MaxBatch - 1) / BallotRules.MaxBatch);
        await Parallel.ForEachAsync(batches, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (batch, cancel) =>
        {
            var from = batch * BallotRules.MaxBatch;
            var ballots = Enumerable.Range(from, Math.Min(BallotRules.MaxBatch, _participants - from)).Select(i => new Ballot(FirstFan + i, Answer(FirstFan + i, question)));
            await box.CastAsync(round.Id, new BallotRules(Options, Changeable: false), [.. ballots], cancel);
            answered(1);
        });
        await box.SealAsync(round.Id, Channel, Options, cancellationToken);
    }

    /// <summary>What a fan has after so many questions.</summary>
    public (long Points, long SavedMs) Expected(long fan, int questions)
    {
        var (points, saved, streak) = (0L, 0L, 0);
        for (var question = 0; question < questions; question++)
        {
            var answer = Answer(fan, question);
            saved += ExpectedScores.SavedMs(LimitMs, answer.ElapsedMs);
            if (answer.Choices == Correct)
            {
                points += ExpectedScores.Points(QuizScoring.Speed, Points, LimitMs, answer.ElapsedMs) + ExpectedScores.Streak(_streakBonus, streak++);
            }
            else
            {
                streak = 0;
            }
        }

        return (points, saved);
    }

    /// <summary>Compares everybody's total with what it should be.</summary>
    /// <returns>How many are on the board, and how many of them have something else, or should not be there.</returns>
    public async Task<(long Participants, long Differing)> CompareAsync(ILeaderboard boards, int questions, CancellationToken cancellationToken)
    {
        var (participants, differing) = (0L, 0L);
        await foreach (var entry in boards.ReadAllAsync(Board, cancellationToken))
        {
            participants++;
            var known = entry.Fan >= FirstFan && entry.Fan < FirstFan + _participants;
            differing += known && Expected(entry.Fan, questions) == (entry.Points, entry.TimeMs) ? 0 : 1;
        }

        return (participants, differing);
    }

    private static StoredBallot Answer(long fan, int question)
    {
        // SplitMix64: as good as random, and the same every time.
        var mixed = unchecked(((ulong)fan * 100) + (ulong)question + 0x9E3779B97F4A7C15UL);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL);
        mixed ^= mixed >> 31;
        return new StoredBallot(1UL << (int)(mixed % Options), (uint)(mixed >> 32), (long)(mixed / Options % LimitMs));
    }

    private static QuizContent Content(ScoringLoad load) => new()
    {
        Title = English("Scoring"),
        Scoring = QuizScoring.Speed,
        StreakBonus = load.StreakBonus,
        Pace = QuizPace.Manual,
        PauseSeconds = 5,
        MoreTime = false,
        LateWindowMs = 0,
        Questions =
        [
            .. Enumerable.Range(1, load.Questions).Select(number => new QuizQuestion
            {
                Id = FormattableString.Invariant($"q{number}"),
                Text = English("Which?"),
                Options = [.. Enumerable.Range(0, Options).Select(o => new QuestionOption(FormattableString.Invariant($"o{o}"), English("This")))],
                Correct = ["o1"],
                MaxChoices = 1,
                Points = Points,
                Seconds = Seconds,
            }),
        ],
    };

    private static CertifiedResult Certified(DateTimeOffset now) => new()
    {
        Counts = [],
        Ballots = 0,
        Accepted = 0,
        Changed = 0,
        Repeated = 0,
        Late = 0,
        Refused = 0,
        OpenedAt = now,
        ClosedAt = now,
        CertifiedAt = now,
        Sequence = 0,
        Digest = string.Empty,
    };

    private static Dictionary<string, string> English(string text) => new(StringComparer.Ordinal) { ["en"] = text };
}
