using System.IO.Compression;

namespace FanHub.Server.Results.Feed;

/// <summary>Messages as they are stored: compressed with gzip.</summary>
internal static class PackedContent
{
    /// <summary>Compresses a message.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> message)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(message);
        }

        return packed.ToArray();
    }

    /// <summary>Gives a stored message back as it came.</summary>
    /// <param name="message">A stored message; its size was checked when it came in.</param>
    /// <exception cref="InvalidDataException">It was damaged since.</exception>
    public static byte[] Unpack(FeedMessage message)
    {
        var content = new byte[message.Size];
        using var packed = new MemoryStream(message.Content, writable: false);
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        try
        {
            gzip.ReadExactly(content);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("A stored message is shorter than it was.", e);
        }

        return content;
    }
}
