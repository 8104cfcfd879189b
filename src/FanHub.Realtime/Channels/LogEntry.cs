namespace FanHub.Realtime.Channels;

/// <summary>An item as a channel's log holds it.</summary>
/// <param name="Epoch">The life of the log.</param>
/// <param name="Offset">A logged item's own offset; for others, the channel's offset when it was written.</param>
/// <param name="Revision">Counts every append that the channel keeps (not the fleeting ones), without gaps: how a node knows that it missed one.</param>
/// <param name="Item">The item.</param>
public sealed record LogEntry(string Epoch, long Offset, long Revision, Item Item);
