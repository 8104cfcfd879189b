using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Server.Results.Desk;

/// <summary>
/// Keeps items well below <see cref="Item.MaxDataBytes"/>: what changed is noted in them afterwards, with at most <see cref="MaxChangeBytes"/>, so that which entries an item
/// has does not depend on what was published before it.
/// </summary>
internal static class FitIntoItem
{
    /// <summary>The most that is left for what changed.</summary>
    public const int MaxChangeBytes = 10_000;

    private const int MaxBytes = 48_000;

    /// <summary>Writes an item, smaller where it has to be.</summary>
    /// <param name="item">All of it.</param>
    /// <param name="count">How many lines it has.</param>
    /// <param name="lighter">Leaves out what can be spared.</param>
    /// <param name="cut">Leaves only so many lines, less than all.</param>
    /// <typeparam name="T">What is written.</typeparam>
    /// <returns>What fits.</returns>
    public static T Fit<T>(T item, int count, Func<T, T> lighter, Func<T, int, T> cut)
    {
        if (Fits(item))
        {
            return item;
        }

        item = lighter(item);
        if (Fits(item))
        {
            return item;
        }

        var (least, most) = (0, Math.Max(count - 1, 0));
        while (least < most)
        {
            var middle = (least + most + 1) / 2;
            (least, most) = Fits(cut(item, middle)) ? (middle, most) : (least, middle - 1);
        }

        return cut(item, least);
    }

    /// <summary>The JSON of an item.</summary>
    public static byte[] Write<T>(T item) => JsonSerializer.SerializeToUtf8Bytes(item, WireJson.Options);

    /// <summary>As many ids, from the first, as there is room for.</summary>
    public static List<string> Room(IEnumerable<string> ids)
    {
        var room = new List<string>();
        var bytes = 0;
        foreach (var id in ids)
        {
            bytes += JsonEncodedText.Encode(id, WireJson.Options.Encoder).EncodedUtf8Bytes.Length + 3;
            if (bytes > MaxChangeBytes)
            {
                break;
            }

            room.Add(id);
        }

        return room;
    }

    private static bool Fits<T>(T item) => Write(item).Length <= MaxBytes;
}
