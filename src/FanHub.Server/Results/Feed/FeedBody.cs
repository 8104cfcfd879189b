using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Feed;

/// <summary>A message as it came in.</summary>
/// <param name="Content">Compressed with gzip: as it came, or by us.</param>
/// <param name="Size">How many bytes it has uncompressed.</param>
/// <param name="Header">What its header says.</param>
internal sealed record FeedBody(byte[] Content, int Size, OdfHeader Header)
{
    /// <summary>In how many bytes from the start the header has to end.</summary>
    public const int HeaderWithin = 64 * 1024;

    private const int Piece = 32 * 1024;

    // The shortest gzip there is: ten bytes of header, two of content, eight of trailer.
    private const int ShortestGzip = 20;

    /// <summary>Whether a body is compressed with gzip.</summary>
    /// <exception cref="BadHttpRequestException">415: in another way, or more than once.</exception>
    public static bool IsGzip(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding.ToString().Trim();
        return coding.ToUpperInvariant() switch
        {
            "" or "IDENTITY" => false,
            "GZIP" or "X-GZIP" => true,
            _ => throw new BadHttpRequestException("The body has to come as it is, or with 'Content-Encoding: gzip'.", StatusCodes.Status415UnsupportedMediaType),
        };
    }

    /// <summary>Reads a body to its end, holding no more of it than its compressed form.</summary>
    /// <param name="body">The body.</param>
    /// <param name="gzip">Whether it is compressed.</param>
    /// <param name="maxBytes">How much it may have, compressed and uncompressed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FanHubException"><c>too_large</c>, or <c>invalid</c>: it cannot be decompressed, or its header cannot be read.</exception>
    public static async Task<FeedBody> ReadAsync(Stream body, bool gzip, int maxBytes, CancellationToken cancellationToken)
    {
        using var compressed = new PooledBytes();
        var beginning = ArrayPool<byte>.Shared.Rent(HeaderWithin);
        try
        {
            int size;
            int begun;
            if (gzip)
            {
                await CopyAsync(body, compressed, null, maxBytes, cancellationToken);
                (size, begun) = Measure(compressed, beginning.AsSpan(0, HeaderWithin), maxBytes);
            }
            else
            {
                await using var compressor = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true);
                (size, begun) = await CopyAsync(body, compressor, beginning.AsMemory(0, HeaderWithin), maxBytes, cancellationToken);
            }

            var header = OdfReader.ReadHeader(beginning.AsMemory(0, begun));
            return new FeedBody(compressed.Written.ToArray(), size, header);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(beginning);
        }
    }

    /// <returns>How much there was, and how much of it is in <paramref name="beginning"/>.</returns>
    private static async Task<(int Size, int Begun)> CopyAsync(Stream from, Stream to, Memory<byte>? beginning, int maxBytes, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            var size = 0;
            var begun = 0;
            int read;
            while ((read = await from.ReadAsync(piece, cancellationToken)) > 0)
            {
                if (read > maxBytes - size)
                {
                    throw TooLarge(maxBytes);
                }

                if (beginning is { } keep)
                {
                    var more = Math.Min(read, keep.Length - begun);
                    piece.AsSpan(0, more).CopyTo(keep.Span[begun..]);
                    begun += more;
                }

                // In memory: there is nothing to wait for.
                to.Write(piece.AsSpan(0, read));
                size += read;
            }

            return (size, begun);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>Decompresses to the end, or to the bound, keeping the beginning only.</summary>
    private static (int Size, int Begun) Measure(PooledBytes compressed, Span<byte> beginning, int maxBytes)
    {
        var piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            using var decompressor = new GZipStream(compressed.OpenRead(), CompressionMode.Decompress);
            var size = 0;
            var begun = 0;
            int read;
            while ((read = decompressor.Read(piece, 0, Math.Min(piece.Length, maxBytes - size + 1))) > 0)
            {
                if (read > maxBytes - size)
                {
                    throw TooLarge(maxBytes);
                }

                var more = Math.Min(read, beginning.Length - begun);
                piece.AsSpan(0, more).CopyTo(beginning[begun..]);
                begun += more;
                size += read;
            }

            // The decompressor takes the end of the bytes for the end of the content. Whole gzip ends with the length of what is in it.
            return compressed.Length >= ShortestGzip && BinaryPrimitives.ReadInt32LittleEndian(compressed.Written.Span[^4..]) == size ? (size, begun) : throw Broken();
        }
        catch (InvalidDataException)
        {
            throw Broken();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>It is refused for its size.</summary>
    public static FanHubException TooLarge(int maxBytes) =>
        new(ErrorCodes.TooLarge, $"A message may have at most {maxBytes} bytes, compressed and uncompressed; nothing of this one was kept.");

    private static FanHubException Broken() => new(ErrorCodes.Invalid, "The body is not gzip, or was cut short or damaged on its way.");
}
