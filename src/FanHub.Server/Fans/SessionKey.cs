using System.Security.Cryptography;
using FanHub.Realtime.Redis;
using FanHub.Server.Hosting;
using StackExchange.Redis;

namespace FanHub.Server.Fans;

/// <summary>The secret behind session tokens and receipts.</summary>
/// <param name="secret">At least 32 bytes.</param>
internal sealed class SessionKey(byte[] secret)
{
    private const int Length = 32;
    private const string FileName = "session.key";

    /// <summary>For signing tokens.</summary>
    public byte[] Tokens { get; } = Derive(secret, "fanhub session tokens");

    /// <summary>For receipts.</summary>
    public byte[] Receipts { get; } = Derive(secret, "fanhub ballot receipts");

    /// <summary>Takes the configured key.</summary>
    /// <exception cref="FormatException">It is not base64, or too short.</exception>
    public static SessionKey FromConfiguration(string base64)
    {
        var secret = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, secret, out var length) || length < Length)
        {
            throw new FormatException($"FanHub:Sessions:SigningKey has to be at least {Length} bytes in base64 (openssl rand -base64 {Length} makes one).");
        }

        return new SessionKey(secret[..length]);
    }

    /// <summary>Takes the key in the data directory, or makes one there.</summary>
    public static SessionKey FromFile(string dataDirectory) => new(ReadOrCreate(dataDirectory));

    /// <summary>
    /// Takes the key that all nodes share through Redis. Where Redis has none, this node's own becomes the shared one, so that a Redis which lost its memory gets back the key
    /// that fans' tokens were signed with.
    /// </summary>
    /// <exception cref="RedisConnectionException">Redis is away.</exception>
    public static async Task<SessionKey> FromRedisAsync(RedisConnection redis, string dataDirectory)
    {
        var own = ReadOrCreate(dataDirectory);
        await RedisConnection.WithinLimit(redis.Database.StringSetAsync(redis.Keys.SessionSigningKey, own, when: When.NotExists));
        var shared = (byte[])(await RedisConnection.WithinLimit(redis.Database.StringGetAsync(redis.Keys.SessionSigningKey)))!;
        if (!shared.AsSpan().SequenceEqual(own))
        {
            SecretFile.Write(Path.Combine(dataDirectory, FileName), shared);
        }

        return new SessionKey(shared);
    }

    private static byte[] Derive(byte[] secret, string use) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, Length, info: System.Text.Encoding.UTF8.GetBytes(use));

    private static byte[] ReadOrCreate(string dataDirectory)
    {
        var file = Path.Combine(dataDirectory, FileName);
        if (File.Exists(file) && File.ReadAllBytes(file) is { Length: >= Length } kept)
        {
            return kept;
        }

        Directory.CreateDirectory(dataDirectory);
        var made = RandomNumberGenerator.GetBytes(Length);
        SecretFile.Write(file, made);
        return made;
    }
}
