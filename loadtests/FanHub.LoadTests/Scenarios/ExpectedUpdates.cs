using System.Diagnostics;

namespace FanHub.LoadTests.Scenarios;

/// <summary>
/// The logged updates that a channel's followers are to hear, by their place in the log, and when each was sent. All followers of a channel are sent the same bytes, so one of
/// them reads an update and the others compare.
/// </summary>
/// <param name="channel">The channel.</param>
/// <param name="updates">Each update's item and version.</param>
internal sealed class ExpectedUpdates(string channel, IReadOnlyList<(string Key, long Version)> updates)
{
    private readonly long[] _sentAt = new long[updates.Count];
    private readonly byte[]?[] _records = new byte[]?[updates.Count];

    /// <summary>The channel.</summary>
    public string Channel => channel;

    /// <summary>How many there are.</summary>
    public int Count => updates.Count;

    /// <summary>The item and the version of an update.</summary>
    public (string Key, long Version) this[int index] => updates[index];

    /// <summary>How many bytes the followers are sent for an update; 0 where nobody heard it.</summary>
    public int BytesOf(int index) => Volatile.Read(ref _records[index])?.Length ?? 0;

    /// <summary>To be called just before an update is published.</summary>
    public void Sending(int index) => Volatile.Write(ref _sentAt[index], Stopwatch.GetTimestamp());

    /// <summary>How long an update was on its way.</summary>
    public TimeSpan DelayOf(int index, long arrivedAt) => Stopwatch.GetElapsedTime(Volatile.Read(ref _sentAt[index]), arrivedAt);

    /// <summary>Whether the record is the one that another follower found to be this update and nothing else.</summary>
    public bool IsKnown(int index, ReadOnlySpan<byte> record) => index < updates.Count && Volatile.Read(ref _records[index]) is { } known && record.SequenceEqual(known);

    /// <summary>Keeps a record that is this update and nothing else.</summary>
    public void Know(int index, ReadOnlySpan<byte> record) => Interlocked.CompareExchange(ref _records[index], record.ToArray(), comparand: null);
}
