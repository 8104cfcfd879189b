using MediatR;

namespace FanHub.Server.Results;

/// <summary>
/// A unit's result turned from one status to another, and that is saved. Told on the node that derives results, once where all goes well: whoever has to act on it exactly once compares
/// with the board at start, too.
/// </summary>
/// <param name="Unit">The unit's code.</param>
/// <param name="From">The status before, as on the wire; null where there was no result.</param>
/// <param name="To">The status now; null where the result was taken away.</param>
/// <param name="Version">The version of the result's item.</param>
/// <param name="At">When it became true.</param>
internal sealed record ResultTurned(string Unit, string? From, string? To, long Version, DateTimeOffset At) : INotification;
