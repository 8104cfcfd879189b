using FanHub.Server.Storage;

namespace FanHub.Server.Questions;

/// <summary>What happens by itself when its moment has come, such as opening and closing. Found in the database, so that any editor node can do it.</summary>
internal interface IDueWork
{
    /// <summary>All that is still to happen, or should have. Asked several times a second, after changes, and at start: to be found by an index.</summary>
    Task<IReadOnlyList<Due>> FindAsync(FanHubDb db, CancellationToken cancellationToken);
}

/// <summary>One thing that is to happen.</summary>
/// <param name="Key">Names it among all, as <c>poll:ID:close</c>; what failed under a key is tried again after a while.</param>
/// <param name="At">When.</param>
/// <param name="Do">
/// Does it, in a scope of its own. Several nodes do it at the same moment: it has to look whether it is still to be done, and the row's version lets one win.
/// </param>
internal sealed record Due(string Key, DateTimeOffset At, Func<IServiceProvider, CancellationToken, Task> Do);
