using System.Diagnostics;
using FanHub.Contracts;
using FanHub.LoadTests.Editors;

namespace FanHub.LoadTests.Scenarios;

/// <summary>
/// Logged updates as editors make them: polls that are opened, closed and revealed one after the other, through the admin API. The next is only published when the one before
/// was answered, so their order is known beforehand.
/// </summary>
internal sealed class UpdateSequence
{
    private const int DraftsAtOnce = 4;
    private const long DraftVersion = 1;
    private static readonly string[] Steps = ["open", "close", "reveal"];
    private static readonly string[] Options = ["a", "b", "c"];

    private readonly EditorApi _editor;
    private readonly string[] _polls;

    private UpdateSequence(EditorApi editor, string channel, string[] polls, int updates)
    {
        _editor = editor;
        _polls = polls;
        Expected = new ExpectedUpdates(channel, [.. Enumerable.Range(0, updates).Select(i => ($"{ItemKinds.Poll}:{polls[i / Steps.Length]}", DraftVersion + 1 + (i % Steps.Length)))]);
    }

    /// <summary>What followers are to hear.</summary>
    public ExpectedUpdates Expected { get; }

    /// <summary>Writes the drafts, which no fan gets to see.</summary>
    public static async Task<UpdateSequence> PrepareAsync(EditorApi editor, string channel, int updates, CancellationToken cancellationToken)
    {
        var polls = new string[(updates + Steps.Length - 1) / Steps.Length];
        await Parallel.ForAsync(0, polls.Length, new ParallelOptions { MaxDegreeOfParallelism = DraftsAtOnce, CancellationToken = cancellationToken }, async (i, cancel) =>
            polls[i] = await editor.DraftPollAsync(channel, FormattableString.Invariant($"Load test poll {i + 1}: who wins?"), Options, TallyVisibility.Never, cancel));
        return new UpdateSequence(editor, channel, polls, updates);
    }

    /// <summary>Publishes some of it.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">The one after the last.</param>
    /// <param name="rate">So many per second at most; fewer where the admin API takes longer to answer.</param>
    /// <param name="published">Called after each, with how long the admin API took to answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task PublishAsync(int from, int to, double rate, Action<TimeSpan> published, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = from; i < to; i++)
        {
            var early = TimeSpan.FromSeconds((i - from) / rate) - Stopwatch.GetElapsedTime(begin);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, cancellationToken);
            }

            Expected.Sending(i);
            var sentAt = Stopwatch.GetTimestamp();
            await _editor.TellAsync(_polls[i / Steps.Length], Steps[i % Steps.Length], cancellationToken);
            published(Stopwatch.GetElapsedTime(sentAt));
        }
    }
}
