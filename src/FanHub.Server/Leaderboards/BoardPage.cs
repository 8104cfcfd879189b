using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FanHub.Server.Leaderboards;

/// <summary>
/// The totals of up to 1,024 neighbouring fans in one piece, as Redis holds it: a tag of 4 bytes, which is another one each time the page is written, then 10 bytes for each who
/// takes part, by number: the number's lowest 10 bits (2 bytes) and <see cref="BoardScore.SortKey"/> (8 bytes), all big-endian.
/// </summary>
internal static class BoardPage
{
    private const int FanBits = 10;
    private const int TagBytes = 4;
    private const int PlaceBytes = 2;
    private const int EntryBytes = PlaceBytes + 8;

    /// <summary>The page that a fan is on.</summary>
    public static long Of(long fan) => fan >> FanBits;

    /// <summary>Its tag; 0 for a page that is not there.</summary>
    public static uint Tag(ReadOnlySpan<byte> page) => page.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(page);

    /// <summary>Its tag as bytes; none for a page that is not there.</summary>
    public static byte[] TagOf(ReadOnlySpan<byte> page) => page.IsEmpty ? [] : page[..TagBytes].ToArray();

    /// <summary>How many are on it.</summary>
    public static int Count(ReadOnlySpan<byte> page) => page.IsEmpty ? 0 : (page.Length - TagBytes) / EntryBytes;

    /// <summary>One of them, by place.</summary>
    /// <param name="number">The page's number.</param>
    /// <param name="page">The page.</param>
    /// <param name="place">0 to <see cref="Count"/>, exclusive.</param>
    public static BoardEntry Entry(long number, ReadOnlySpan<byte> page, int place)
    {
        var entry = page.Slice(TagBytes + (place * EntryBytes), EntryBytes);
        return new BoardEntry((number << FanBits) | BinaryPrimitives.ReadUInt16BigEndian(entry), BinaryPrimitives.ReadInt64BigEndian(entry[PlaceBytes..]));
    }

    /// <summary>A fan's total; null for who is not there.</summary>
    public static long? Find(ReadOnlySpan<byte> page, long fan)
    {
        var (from, to) = (0, Count(page));
        while (from < to)
        {
            var middle = (from + to) / 2;
            var entry = Entry(Of(fan), page, middle);
            if (entry.Fan == fan)
            {
                return entry.SortKey;
            }

            (from, to) = entry.Fan < fan ? (middle + 1, to) : (from, middle);
        }

        return null;
    }

    /// <summary>The page after changes.</summary>
    /// <param name="page">As it is; empty where it is not there.</param>
    /// <param name="changes">Changes for fans of this page, one a fan, by number.</param>
    /// <returns>The page, or null where nothing changes.</returns>
    /// <exception cref="ArgumentException">A total would leave the limits of <see cref="BoardScore"/>.</exception>
    public static byte[]? Apply(ReadOnlySpan<byte> page, IReadOnlyList<Award> changes)
    {
        var number = Of(changes[0].Fan);
        var held = Count(page);
        var written = new byte[TagBytes + ((held + changes.Count) * EntryBytes)];
        var (place, length, changed) = (0, TagBytes, false);
        foreach (var change in changes)
        {
            for (; place < held && Entry(number, page, place) is var before && before.Fan < change.Fan; place++)
            {
                length = Write(written, length, before);
            }

            if (place < held && Entry(number, page, place) is var own && own.Fan == change.Fan)
            {
                var total = BoardScore.FromSortKey(own.SortKey).Add(change).SortKey;
                changed |= total != own.SortKey;
                length = Write(written, length, own with { SortKey = total });
                place++;
            }
            else
            {
                length = Write(written, length, new BoardEntry(change.Fan, default(BoardScore).Add(change).SortKey));
                changed = true;
            }
        }

        for (; place < held; place++)
        {
            length = Write(written, length, Entry(number, page, place));
        }

        RandomNumberGenerator.Fill(written.AsSpan(0, TagBytes));
        return changed ? written[..length] : null;
    }

    private static int Write(byte[] page, int at, BoardEntry entry)
    {
        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(at), (ushort)(entry.Fan & ((1 << FanBits) - 1)));
        BinaryPrimitives.WriteInt64BigEndian(page.AsSpan(at + PlaceBytes), entry.SortKey);
        return at + EntryBytes;
    }
}
