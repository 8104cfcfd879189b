using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
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
        Write(path, key);
        return new BootstrapKey(key, isNew: true, path);
    }

    /// <summary>Whether this is the key. Takes the same time whatever is wrong with it.</summary>
    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(_hash, Hash(presented));

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    // Under another name first: a crash leaves the whole key or none.
    private static void Write(string path, string key)
    {
        var unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(unfinished, options))
        {
            file.Write(Encoding.UTF8.GetBytes(key + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
