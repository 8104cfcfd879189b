using FanHub.Contracts;
using FanHub.LoadTests.Fans;

namespace FanHub.LoadTests.Quizzes;

/// <summary>Fans of one process, each with a session and a connection of its own.</summary>
internal sealed class QuizGroup : IAsyncDisposable
{
    private const int AtOnce = 32;
    private static readonly TimeSpan SeeLimit = TimeSpan.FromSeconds(60);

    private readonly QuizGroupSettings _settings;
    private readonly QuizBook _book;
    private readonly QuizFan[] _fans;
    private readonly Crowd _crowd;
    private readonly List<Task> _answering = [];

    /// <summary>Nobody has come yet.</summary>
    public QuizGroup(QuizGroupSettings settings)
    {
        _settings = settings;
        _book = new QuizBook(settings.Quiz.Asked);
        var events = new QuizEvents();
        _fans = [.. Enumerable.Range(settings.First, settings.Count).Select(fan => new QuizFan(AnswerPlans.Make(settings, fan), _book, events))];
        _crowd = new Crowd(settings.Nodes, settings.Count);
    }

    /// <summary>The id of a question; 0 is the one to warm up.</summary>
    public static string QuestionId(int question) => FormattableString.Invariant($"q{question}");

    /// <summary>Does what is asked for.</summary>
    public async Task<QuizMessage> DoAsync(QuizOrder order, Action arrived, CancellationToken cancellationToken)
    {
        switch (order.What)
        {
            case QuizRequest.Gather:
                await _crowd.GatherAsync(_settings.Channel, number => _fans[number].Hear, (_, _) => arrived(), cancellationToken);
                for (var question = 0; question < _settings.Quiz.Asked; question++)
                {
                    var asked = question;
                    _answering.Add(Task.WhenAll(_fans.Select((fan, number) => fan.AnswerAsync(_crowd[number], _settings.QuizId, asked, cancellationToken))));
                }

                return new QuizMessage();
            case QuizRequest.Answered:
                await _answering[order.Question];
                return new QuizMessage();
            case QuizRequest.Closed:
                await Task.WhenAll(_fans.Select((fan, number) => fan.CloseAsync(_crowd[number], _settings.QuizId, order.Question, cancellationToken)));
                return new QuizMessage();
            case QuizRequest.Board:
                await Task.WhenAny(Task.WhenAll(_fans.Select(fan => fan.SawBoard(order.Question))), Task.Delay(SeeLimit, cancellationToken));
                return new QuizMessage
                {
                    Revealed = [.. _fans.Select(fan => fan.RevealedAt(order.Question)).Where(at => at > 0)],
                    Boards = [.. _fans.Select(fan => fan.BoardAt(order.Question)).Where(at => at > 0)],
                };
            default:
                return new QuizMessage { Report = await EndAsync(cancellationToken) };
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _crowd.DisposeAsync();

    private async Task<QuizReport> EndAsync(CancellationToken cancellationToken)
    {
        var standings = new Standing[_fans.Length];
        await Parallel.ForAsync(0, _fans.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (number, cancel) =>
        {
            var reply = await _crowd[number].CallAsync(HubMethods.Standing, _settings.QuizId, cancel);
            Crowd.ThrowIfRefused(reply, HubMethods.Standing);
            standings[number] = reply.Read<Standing>();
        });
        var lost = _crowd.Fans.Where(f => f.Lost is not null).Select(f => f.Lost!).ToList();
        await _crowd.LeaveAsync(() => { });
        return _book.Report with { Answers = [.. _fans.Select(fan => fan.Answers)], Standings = [.. standings], Lost = lost };
    }
}
