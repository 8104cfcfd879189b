using FanHub.Contracts;
using FanHub.Server.Results.Feed;

namespace FanHub.Server.Results.Desk;

/// <summary>What came of a message.</summary>
/// <param name="Outcome">In one word.</param>
/// <param name="Reason">For people, where there is something to say.</param>
/// <param name="Flagged">Whether an editor should look at it.</param>
/// <param name="Document">What is held of the document from now on, a copy to be saved; null where that did not change.</param>
/// <param name="Touched">Keys of the items that may have to be composed again, each once.</param>
/// <param name="Urgent">Whether a status changed, something appeared or went, or something official was changed: not to be conflated.</param>
internal sealed record Applied(FeedOutcome Outcome, string? Reason, bool Flagged, HeldDocument? Document, IReadOnlyList<string> Touched, bool Urgent);

/// <summary>What fans are to see of an item.</summary>
/// <param name="Key">The item's key.</param>
/// <param name="Kind">One of <see cref="ItemKinds"/>.</param>
/// <param name="Class">How it is delivered.</param>
/// <param name="At">When it became true.</param>
/// <param name="Data">JSON with all its languages; byte for byte what was published before where nothing differs.</param>
/// <param name="Channels">The channels that it is on, each once.</param>
internal sealed record Composed(string Key, string Kind, DeliveryClass Class, DateTimeOffset At, byte[] Data, IReadOnlyList<string> Channels);
