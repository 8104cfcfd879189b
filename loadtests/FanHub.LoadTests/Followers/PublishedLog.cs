using System.Diagnostics;
using System.Text;

namespace FanHub.LoadTests.Followers;

/// <summary>
/// What one publisher put into a channel's log, in order: each update's item, version and moment. All followers are sent the same bytes, so one of them reads an update and the
/// others compare. Written by the publisher before each update, read by followers on their thread.
/// </summary>
/// <param name="channel">The channel.</param>
internal sealed class PublishedLog(string channel)
{
    private const int Chunk = 1024;
    private const int MostChunks = 4096;

    private readonly byte[] _name = Encoding.UTF8.GetBytes(channel);
    private readonly Entry[][] _chunks = new Entry[MostChunks][];
    private long _start;
    private int _count;

    /// <summary>The channel.</summary>
    public string Channel => channel;

    /// <summary>Whether this is the channel's name, in UTF-8.</summary>
    public bool IsOf(ReadOnlySpan<byte> name) => name.SequenceEqual(_name);

    /// <summary>The epoch; null as long as nobody has followed.</summary>
    public string? Epoch { get; private set; }

    /// <summary>How many updates were published, or are about to be.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many bytes followers are sent for an update; 0 where nobody has heard it.</summary>
    public int BytesOf(int index) => At(index).Record?.Length ?? 0;

    /// <summary>Where the first follower found the log, before anything of this was published.</summary>
    public void Begin(string epoch, long offset)
    {
        if (Epoch is null)
        {
            (Epoch, _start) = (epoch, offset);
        }
    }

    /// <summary>To be called just before an update is published.</summary>
    /// <param name="key">Its item.</param>
    /// <param name="version">The item's version.</param>
    /// <param name="dueAt">When it was due, in stopwatch ticks: what it waited for others counts as delay.</param>
    public void Publishing(string key, long version, long dueAt)
    {
        var index = _count;
        if (index % Chunk == 0)
        {
            _chunks[index / Chunk] = new Entry[Chunk];
        }

        At(index) = new Entry { Key = key, Version = version, DueAt = dueAt };
        Volatile.Write(ref _count, index + 1);
    }

    /// <summary>The position of who has heard so many of the updates.</summary>
    public Contracts.Position PositionAfter(long heard) => new(Epoch!, _start + heard);

    /// <summary>The index of the update at an offset; negative, or beyond the last, where there is none.</summary>
    public long IndexOf(long offset) => offset - _start - 1;

    /// <summary>Whether an update is the one that was published at this index.</summary>
    public bool Is(long index, string key, long version) => index >= 0 && index < Count && At((int)index) is { } entry && string.Equals(entry.Key, key, StringComparison.Ordinal) && entry.Version == version;

    /// <summary>Whether the record is the one that another follower found to be this update and nothing else.</summary>
    public bool IsKnown(long index, ReadOnlySpan<byte> record) => index >= 0 && index < Count && At((int)index).Record is { } known && record.SequenceEqual(known);

    /// <summary>Keeps a record that is this update and nothing else.</summary>
    public void Know(long index, ReadOnlySpan<byte> record) => At((int)index).Record ??= record.ToArray();

    /// <summary>How long an update was on its way.</summary>
    public TimeSpan DelayOf(long index, long arrivedAt) => Stopwatch.GetElapsedTime(At((int)index).DueAt, arrivedAt);

    /// <summary>The newest version of each item among the first so many updates.</summary>
    public IReadOnlyDictionary<string, long> NewestOf(int count)
    {
        var newest = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            newest[At(i).Key] = At(i).Version;
        }

        return newest;
    }

    private ref Entry At(int index) => ref _chunks[index / Chunk][index % Chunk];

    private struct Entry
    {
        public string Key;
        public long Version;
        public long DueAt;
        public byte[]? Record;
    }
}
