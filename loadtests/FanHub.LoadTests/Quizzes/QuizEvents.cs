using System.Globalization;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Fans;

namespace FanHub.LoadTests.Quizzes;

/// <summary>What a message tells of a quiz.</summary>
internal enum QuizEventKind
{
    /// <summary>A question takes answers.</summary>
    Opened,

    /// <summary>It takes no more.</summary>
    Closed,

    /// <summary>What is right is shown.</summary>
    Revealed,

    /// <summary>The leaderboard is shown.</summary>
    Board,
}

/// <summary>What a message tells.</summary>
/// <param name="Kind">What.</param>
/// <param name="Question">Of which question, from 0; -1 for the leaderboard.</param>
/// <param name="OpensAt">When the question opened.</param>
/// <param name="Shown">What is shown at the reveal, or the leaderboard, in a form that can be compared.</param>
/// <param name="Spoils">Whether it tells more than it may before the reveal.</param>
internal sealed record QuizEvent(QuizEventKind Kind, int Question, DateTimeOffset OpensAt, string? Shown, bool Spoils);

/// <summary>Reads messages. The same message goes to thousands of fans: it is read for the first of them, and known again for the others.</summary>
internal sealed class QuizEvents
{
    private const int Known = 8;

    private readonly (byte[] Record, IReadOnlyList<QuizEvent> Events)?[] _known = new (byte[], IReadOnlyList<QuizEvent>)?[Known];
    private readonly Lock _lock = new();
    private int _next;

    /// <summary>What a message tells, in order; nothing for other messages.</summary>
    public IReadOnlyList<QuizEvent> Read(ReadOnlySpan<byte> record)
    {
        lock (_lock)
        {
            foreach (var known in _known)
            {
                if (known is { } k && record.SequenceEqual(k.Record))
                {
                    return k.Events;
                }
            }

            IReadOnlyList<QuizEvent> events = [.. SignalRJson.ReadUpdates(record).Where(u => u.Data is not null).Select(Read).OfType<QuizEvent>()];
            _known[_next++ % Known] = (record.ToArray(), events);
            return events;
        }
    }

    /// <summary>What fans are shown at a reveal.</summary>
    public static string Shown(IEnumerable<string> correct, IEnumerable<KeyValuePair<string, long>> counts, long ballots) => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(',', correct)} of {ballots}: {string.Join(", ", counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value}")))}");

    /// <summary>What fans are shown of a leaderboard; names are not compared.</summary>
    public static string Shown(IEnumerable<(long Rank, long Score)> top, long participants) => string.Create(
        CultureInfo.InvariantCulture,
        $"{participants}: {string.Join(", ", top.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Rank}. {row.Score}")))}");

    private static QuizEvent? Read(Update update)
    {
        if (string.Equals(update.Kind, ItemKinds.Leaderboard, StringComparison.Ordinal))
        {
            var board = update.Data!.Value.Deserialize<LeaderboardItem>(WireJson.Options)!;
            return new QuizEvent(QuizEventKind.Board, -1, default, Shown(board.Top.Select(row => (row.Rank, row.Score)), board.Participants), Spoils: false);
        }

        if (!string.Equals(update.Kind, ItemKinds.Quiz, StringComparison.Ordinal) || update.Data!.Value.Deserialize<QuizItem>(WireJson.Options) is not { Question: { } question })
        {
            return null;
        }

        var spoils = question.State != PublicQuestionState.Revealed && (question.Correct is not null || question.Explanation is not null || question.Tally is not null);
        return question.State switch
        {
            PublicQuestionState.Open => new QuizEvent(QuizEventKind.Opened, question.Index - 1, question.OpensAt, Shown: null, spoils),
            PublicQuestionState.Closed => new QuizEvent(QuizEventKind.Closed, question.Index - 1, question.OpensAt, Shown: null, spoils),
            _ => new QuizEvent(QuizEventKind.Revealed, question.Index - 1, question.OpensAt, Shown(question.Correct ?? [], question.Tally?.Counts ?? new Dictionary<string, long>(StringComparer.Ordinal), question.Tally?.Ballots ?? -1), spoils),
        };
    }
}
