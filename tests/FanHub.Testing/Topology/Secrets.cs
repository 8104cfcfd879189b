using System.Security.Cryptography;

namespace FanHub.Testing.Topology;

/// <summary>Secrets that are made once, and kept in a file that this user alone may read.</summary>
public static class Secrets
{
    /// <summary>Reads it; makes it first, unless it is there.</summary>
    public static string Keep(string file)
    {
        if (!File.Exists(file))
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            // Under another name first: who is interrupted leaves none, and not half of one.
            using (var writer = new StreamWriter($"{file}.new", options))
            {
                writer.Write(RandomNumberGenerator.GetHexString(48, lowercase: true));
            }

            File.Move($"{file}.new", file);
        }

        return File.ReadAllText(file);
    }
}
