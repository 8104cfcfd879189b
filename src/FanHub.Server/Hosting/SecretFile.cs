namespace FanHub.Server.Hosting;

/// <summary>Writes files that nobody but the server's own user may read, from their first byte on.</summary>
internal static class SecretFile
{
    /// <summary>Puts the content under the path, in place of what was there: a crash leaves the old content or the new.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // Under another name first; of this process's own, for several may start in one folder.
        var unfinished = $"{path}.{Environment.ProcessId}";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(unfinished, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
