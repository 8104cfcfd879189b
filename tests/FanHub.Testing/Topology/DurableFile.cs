using System.Text;

namespace FanHub.Testing.Topology;

/// <summary>Writes files that are never found half written, not even after a power cut.</summary>
public static class DurableFile
{
    /// <summary>Puts the text under the path, in place of what was there.</summary>
    /// <param name="path">Where.</param>
    /// <param name="text">What.</param>
    /// <param name="secret">Whether this user alone may read it.</param>
    public static void Write(string path, string text, bool secret = false)
    {
        var unfinished = $"{path}.new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (secret && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(unfinished, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
