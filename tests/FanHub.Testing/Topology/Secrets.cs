using System.Security.Cryptography;

namespace FanHub.Testing.Topology;

/// <summary>Secrets that are made once, and kept in a file that this user alone may read.</summary>
public static class Secrets
{
    /// <summary>Reads it; makes it first, unless it is there. An empty file is none.</summary>
    public static string Keep(string file)
    {
        if (Read(file) is { } kept)
        {
            return kept;
        }

        var made = RandomNumberGenerator.GetHexString(48, lowercase: true);
        DurableFile.Write(file, made, secret: true);
        return made;
    }

    /// <summary>Reads it.</summary>
    /// <returns>Null where there is none, or an empty one.</returns>
    public static string? Read(string file) => File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } kept ? kept : null;
}
