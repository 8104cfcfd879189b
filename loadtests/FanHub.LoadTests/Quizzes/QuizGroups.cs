using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Quizzes;

/// <summary>All fans of a quiz night, in as many processes as the limit of open files makes necessary.</summary>
internal sealed class QuizGroups : IAsyncDisposable
{
    private readonly List<QuizGroupProcess> _processes = [];

    private QuizGroups()
    {
    }

    /// <summary>The processes' ids.</summary>
    public IReadOnlyList<int> Ids => [.. _processes.Select(p => p.Id)];

    /// <summary>Starts them.</summary>
    public static async Task<QuizGroups> StartAsync(LoadOptions options, string channel, string quiz)
    {
        var groups = new QuizGroups();
        var participants = options.Quiz.Participants;
        var processes = (participants + OpenFiles.MostConnections - 1) / OpenFiles.MostConnections;
        for (var i = 0; i < processes; i++)
        {
            var (from, to) = ((int)((long)participants * i / processes), (int)((long)participants * (i + 1) / processes));
            groups._processes.Add(await QuizGroupProcess.StartAsync(new QuizGroupSettings
            {
                Nodes = options.Nodes,
                Channel = channel,
                QuizId = quiz,
                First = from,
                Count = to - from,
                Quiz = options.Quiz,
                Duplicates = options.Duplicates,
                SecondVotes = options.SecondVotes,
                Late = options.Late,
            }));
        }

        return groups;
    }

    /// <summary>Asks all of them for the same.</summary>
    public Task<QuizMessage[]> AskAsync(QuizRequest what, int question, Action arrived, CancellationToken cancellationToken) =>
        Task.WhenAll(_processes.Select(process => process.AskAsync(new QuizOrder(what, question), arrived, cancellationToken)));

    /// <inheritdoc cref="AskAsync(QuizRequest, int, Action, CancellationToken)"/>
    public Task<QuizMessage[]> AskAsync(QuizRequest what, int question, CancellationToken cancellationToken) => AskAsync(what, question, () => { }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
    }
}
