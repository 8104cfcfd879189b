using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FanHub.Server.Exports;

/// <summary>
/// What fans are called in one export: the same all through it, another in the next. The salt is made for the export and goes with it, so that nobody, not even who runs the server,
/// can tell afterwards from the file which number it was.
/// </summary>
internal sealed class SaltedFans
{
    private const int SaltBytes = 16;

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(SaltBytes);

    /// <summary>The first 128 bits of HMAC-SHA256, with the salt as its key, over the fan's number.</summary>
    public UInt128 IdOf(long fan)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, fan);
        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_salt, number, code);
        return BinaryPrimitives.ReadUInt128BigEndian(code);
    }

    /// <summary>An id as it is written: 32 lower-case hexadecimal digits.</summary>
    public static string Text(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
        return Convert.ToHexStringLower(bytes);
    }
}
