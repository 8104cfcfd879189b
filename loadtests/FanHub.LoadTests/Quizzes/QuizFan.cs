using System.Diagnostics;
using System.Net.WebSockets;
using FanHub.Contracts;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Quizzes;

/// <summary>One fan who answers as planned, and keeps what was answered and seen.</summary>
internal sealed class QuizFan
{
    private const int MaxAttempts = 6;

    // The question to warm up, and what comes when a question is over.
    private const int Unmeasured = 0;
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(250);

    private readonly IReadOnlyList<AnswerPlan> _plans;
    private readonly QuizBook _book;
    private readonly QuizEvents _events;
    private readonly TaskCompletionSource<DateTimeOffset>[] _opened;
    private readonly TaskCompletionSource[] _closed;
    private readonly TaskCompletionSource[] _board;
    private readonly long[] _revealedAt;
    private readonly long[] _boardAt;
    private int _revealed = -1;

    /// <summary>Knows nothing yet.</summary>
    public QuizFan(IReadOnlyList<AnswerPlan> plans, QuizBook book, QuizEvents events)
    {
        (_plans, _book, _events) = (plans, book, events);
        _opened = [.. plans.Select(_ => new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously))];
        _closed = [.. plans.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        _board = [.. plans.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        (_revealedAt, _boardAt, Answers) = (new long[plans.Count], new long[plans.Count], new AcknowledgedAnswer?[plans.Count]);
    }

    /// <summary>The answers that got a receipt.</summary>
    public AcknowledgedAnswer?[] Answers { get; }

    /// <summary>When the fan saw what is right, in stopwatch ticks; 0 where not.</summary>
    public long RevealedAt(int question) => _revealedAt[question];

    /// <summary>When the fan saw the leaderboard that follows.</summary>
    public long BoardAt(int question) => _boardAt[question];

    /// <summary>Done when the fan sees the leaderboard that follows a question's reveal.</summary>
    public Task SawBoard(int question) => _board[question].Task;

    /// <summary>Takes a call from the server.</summary>
    public void Hear(ReadOnlySpan<byte> record, long arrivedAt)
    {
        _book.Count(QuizCount.Heard);
        foreach (var heard in _events.Read(record))
        {
            if (heard.Spoils)
            {
                _book.Count(QuizCount.Spoilers);
            }

            switch (heard.Kind)
            {
                case QuizEventKind.Opened:
                    _opened[heard.Question].TrySetResult(heard.OpensAt);
                    break;
                case QuizEventKind.Closed:
                    _closed[heard.Question].TrySetResult();
                    break;
                case QuizEventKind.Revealed when _revealedAt[heard.Question] == 0:
                    _revealedAt[heard.Question] = arrivedAt;
                    _revealed = heard.Question;
                    _closed[heard.Question].TrySetResult();
                    _book.Revealed(heard.Question, heard.Shown!);
                    break;
                case QuizEventKind.Board when _revealed >= 0 && _boardAt[_revealed] == 0:
                    _boardAt[_revealed] = arrivedAt;
                    _book.Board(_revealed, heard.Shown!);
                    _board[_revealed].TrySetResult();
                    break;
            }
        }
    }

    /// <summary>Answers as planned, if that is in time.</summary>
    public Task AnswerAsync(FanSocket fan, string quiz, int question, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var opensAt = await _opened[question].Task.WaitAsync(cancellationToken);
        var plan = _plans[question];
        if (plan.TooLate)
        {
            return;
        }

        var wait = opensAt + plan.After - TimeProvider.System.GetUtcNow();
        await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellationToken);
        var request = Request(quiz, question, plan.Choice);
        var first = SendAsync(fan, request, question, isFirst: true, cancellationToken);
        var again = plan.ResendsAtOnce ? SendAsync(fan, request, question, isFirst: false, cancellationToken) : null;
        Take(question, await first);
        if (again is not null)
        {
            Take(question, await again);
        }

        if (Answers[question] is null)
        {
            return;
        }

        if (plan.ResendsLater)
        {
            Take(question, await SendAsync(fan, request, question, isFirst: false, cancellationToken));
        }

        if (plan.SecondChoice is { } second)
        {
            _book.Tried(await SendAsync(fan, Request(quiz, question, second), question, isFirst: false, cancellationToken), QuizCount.SecondAnswers, QuizCount.SecondAnswersRefused, ErrorCodes.AlreadyVoted, ErrorCodes.Closed);
        }
    });

    /// <summary>Waits for the question to close; who is too late answers then.</summary>
    public Task CloseAsync(FanSocket fan, string quiz, int question, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await _closed[question].Task.WaitAsync(cancellationToken);
        if (_plans[question] is { TooLate: true } plan)
        {
            _book.Tried(await SendAsync(fan, Request(quiz, question, plan.Choice), Unmeasured, isFirst: false, cancellationToken), QuizCount.TooLate, QuizCount.TooLateRefused, ErrorCodes.Closed);
        }
    });

    private static AnswerRequest Request(string quiz, int question, int choice) =>
        new() { Quiz = quiz, Question = QuizGroup.QuestionId(question), Choices = [AnswerPlans.OptionId(choice)], Submission = Guid.NewGuid().ToString("N") };

    private async Task GuardAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is IOException or TimeoutException or WebSocketException)
        {
            // Whether the answer counts is unknown.
            _book.Unexpected(e.Message);
        }
    }

    /// <summary>Sends an answer until there is a reply that means something, as an app does.</summary>
    private async Task<Reply> SendAsync(FanSocket fan, AnswerRequest request, int question, bool isFirst, CancellationToken cancellationToken)
    {
        var sentAt = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var reply = await fan.CallAsync(HubMethods.Answer, request, cancellationToken);
            if (question != Unmeasured)
            {
                _book.Count(QuizCount.Calls);
            }

            if (string.Equals(reply.ErrorCode, ErrorCodes.RateLimited, StringComparison.Ordinal))
            {
                throw LoadTestException.Limited("answers");
            }

            if (!string.Equals(reply.ErrorCode, ErrorCodes.Unavailable, StringComparison.Ordinal) || attempt == MaxAttempts)
            {
                if (isFirst && question != Unmeasured && reply.Error is null)
                {
                    _book.Measured(question, sentAt, reply.ArrivedAt);
                }

                return reply;
            }

            _book.Count(QuizCount.Retries);
            await Task.Delay(Backoff * attempt * (0.5 + Random.Shared.NextDouble()), cancellationToken);
        }
    }

    private void Take(int question, Reply reply)
    {
        if (reply.Error is not null)
        {
            _book.Unexpected(reply.ErrorCode!);
            return;
        }

        var ballot = reply.Read<BallotReply>();
        _book.Acknowledged(ballot, Answers[question]?.Receipt);
        Answers[question] ??= new AcknowledgedAnswer(_plans[question].Choice, ballot.Receipt, ballot.At);
    }
}
