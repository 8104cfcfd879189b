using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;

namespace FanHub.Server.Editors;

/// <summary>The admin API key that always works: the configured one, or one made at first start and kept in the data directory, readable by the server's own user alone.</summary>
internal sealed class BootstrapKey
{
    private const string FileName = "admin.key";
    private const string Prefix = "fhk_";

    private readonly byte[] _hash;

    private BootstrapKey(string key, bool isNew, string? path)
    {
        Key = key;
        IsNew = isNew;
        Path = path;
        _hash = Hash(key);
    }

    /// <summary>The key. To be printed once, where <see cref="IsNew"/>; never to be logged otherwise.</summary>
    public string Key { get; }

    /// <summary>Whether it was made just now.</summary>
    public bool IsNew { get; }

    /// <summary>The file that it is kept in; null where it is configured.</summary>
    public string? Path { get; }

    /// <summary>Takes the configured key, or the one in the data directory, or makes one.</summary>
    public static BootstrapKey Load(string? configured, DataDirectory directory)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return new BootstrapKey(configured.Trim(), isNew: false, path: null);
        }

        var path = directory.File(FileName);
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } kept)
        {
            return new BootstrapKey(kept, isNew: false, path);
        }

        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        SecretFile.Write(path, Encoding.UTF8.GetBytes(key + "\n"));
        return new BootstrapKey(key, isNew: true, path);
    }

    /// <summary>Whether this is the key. Takes the same time whatever is wrong with it.</summary>
    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(_hash, Hash(presented));

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
