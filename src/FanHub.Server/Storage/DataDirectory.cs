namespace FanHub.Server.Storage;

/// <summary>The folder of this server's files. Held exclusively: a second server on the same folder would write over the first one's live state.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder, as a full path.</summary>
    public string Path { get; }

    /// <summary>Creates the folder where it is missing, and takes it.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process holds it.</exception>
    public static DataDirectory Take(string path)
    {
        path = Create(path);
        try
        {
            // The operating system lets go of the lock when the process ends, however it ends.
            return new DataDirectory(path, new FileStream(System.IO.Path.Combine(path, "fanhub.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure) when (failure is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new DataDirectoryInUseException(path, failure);
        }
    }

    /// <summary>Creates the folder where it is missing, for this user alone: ballots and keys are in there. One that exists keeps the mode that its owner chose.</summary>
    /// <returns>The folder, as a full path.</returns>
    public static string Create(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    /// <summary>The path of a file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => _lock.Dispose();
}

/// <summary>Another server runs on this folder.</summary>
internal sealed class DataDirectoryInUseException(string path, Exception inner)
    : Exception($"The data directory {path} is in use by another FanHub server. Stop it, or give this one its own folder with FanHub:DataDirectory.", inner);
