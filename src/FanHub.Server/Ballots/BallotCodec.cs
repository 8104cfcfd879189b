using System.Buffers.Binary;
using System.Numerics;

namespace FanHub.Server.Ballots;

/// <summary>
/// A ballot in as few bytes as it takes: the choices (one byte for up to 8 options, one more for each further 8, lowest option in the lowest bit of the first byte), the
/// submission's fingerprint (4 bytes, big-endian), and one number (big-endian, without leading zero bytes, none for 0): the elapsed milliseconds, and from its 40th bit on the
/// credited ones. Who has no delay, and so no credit, takes no more room for it.
/// </summary>
internal static class BallotCodec
{
    private const int FingerprintBytes = 4;
    private const int ElapsedBits = 40;

    /// <summary>How many bytes the choices take.</summary>
    /// <param name="options">How many options there are, 1 to 64.</param>
    public static int ChoiceBytes(int options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options, 64);
        return (options + 7) / 8;
    }

    /// <summary>Packs a ballot.</summary>
    public static byte[] Encode(StoredBallot ballot, int options)
    {
        var width = ChoiceBytes(options);
        var elapsed = ((ulong)Math.Clamp(ballot.CreditMs, 0, StoredBallot.MaxCreditMs) << ElapsedBits) | (ulong)Math.Clamp(ballot.ElapsedMs, 0, StoredBallot.MaxElapsedMs);
        var elapsedBytes = (71 - BitOperations.LeadingZeroCount(elapsed)) / 8;
        var bytes = new byte[width + FingerprintBytes + elapsedBytes];
        for (var i = 0; i < width; i++)
        {
            bytes[i] = (byte)(ballot.Choices >> (8 * i));
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(width), ballot.Submission);
        for (var i = 0; i < elapsedBytes; i++)
        {
            bytes[^(i + 1)] = (byte)(elapsed >> (8 * i));
        }

        return bytes;
    }

    /// <summary>Unpacks a ballot.</summary>
    /// <exception cref="FormatException">These are not the bytes of a ballot.</exception>
    public static StoredBallot Decode(ReadOnlySpan<byte> bytes, int choiceBytes)
    {
        var elapsedBytes = bytes.Length - choiceBytes - FingerprintBytes;
        if (elapsedBytes is < 0 or > 8)
        {
            throw new FormatException($"A ballot of {bytes.Length} bytes cannot hold {choiceBytes} bytes of choices.");
        }

        ulong choices = 0;
        for (var i = 0; i < choiceBytes; i++)
        {
            choices |= (ulong)bytes[i] << (8 * i);
        }

        ulong elapsed = 0;
        foreach (var b in bytes[(choiceBytes + FingerprintBytes)..])
        {
            elapsed = (elapsed << 8) | b;
        }

        return new StoredBallot(choices, BinaryPrimitives.ReadUInt32BigEndian(bytes[choiceBytes..]), (long)(elapsed & StoredBallot.MaxElapsedMs), (long)(elapsed >> ElapsedBits));
    }
}
