using System.Security.Cryptography;
using System.Text;
using FanHub.Testing;
using FanHub.Testing.Topology;

namespace FanHub.Cluster;

/// <summary>Where a cluster keeps everything: a folder for each service, the server's program, the admin key, and what scripts want to know.</summary>
internal sealed class ClusterFolder
{
    private const string Variable = "FANHUB_CLUSTER_FOLDER";

    private ClusterFolder(string path)
    {
        Path = path;
        Processes = new DetachedProcesses(Services);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The folders of the services.</summary>
    public string Services => System.IO.Path.Combine(Path, "services");

    /// <summary>The processes of this cluster.</summary>
    public DetachedProcesses Processes { get; }

    /// <summary>The services that run.</summary>
    public IReadOnlyList<DetachedService> Running => [.. Processes.Services.Where(s => Processes.Find(s.Name) is not null)];

    /// <summary>What scripts want to know, as variables for the shell.</summary>
    public string EnvironmentFile => System.IO.Path.Combine(Path, "env");

    /// <summary>The folder that the environment names, else <c>artifacts/cluster</c>. Where PostgreSQL, which refuses to run as root, could not reach that: one in <c>/var/tmp</c>.</summary>
    public static ClusterFolder Find()
    {
        var standard = Repository.PathOf("artifacts", "cluster");
        var elsewhere = $"/var/tmp/fanhub-cluster-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(standard)))[..8]}";
        return new(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? System.IO.Path.GetFullPath(named)
            : Environment.IsPrivilegedProcess && ClosedAbove(Repository.Root) is not null ? elsewhere
            : standard);
    }

    /// <summary>Makes others wait who start or end parts of this cluster at the same time.</summary>
    public async Task<IDisposable> LockAsync()
    {
        Directory.CreateDirectory(Path);
        try
        {
            return await Eventually.GetAsync(
                () => Task.FromResult(new FileStream(System.IO.Path.Combine(Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)), TimeSpan.FromMinutes(2));
        }
        catch (IOException e)
        {
            throw new ClusterException($"Another ./cluster is at work in {Path}: {e.Message}");
        }
    }

    /// <summary>The admin key: made once, or again where its file is empty, readable for this user alone.</summary>
    public string AdminKey() => Secrets.Keep(System.IO.Path.Combine(Path, "admin.key"));

    /// <summary>The server's program. Nodes run from a copy, so that building goes on beside them.</summary>
    public string Server()
    {
        var copy = System.IO.Path.Combine(Path, "server");
        var program = System.IO.Path.Combine(copy, System.IO.Path.GetFileName(FanHubProcess.Program));
        if (File.Exists(program) && Running.Any(s => s.Kind == ServiceKind.Node))
        {
            return program;
        }

        if (Directory.Exists(copy))
        {
            Directory.Delete(copy, recursive: true);
        }

        Copy(System.IO.Path.GetDirectoryName(FanHubProcess.Program)!, copy);
        return program;
    }

    /// <summary>Makes sure that PostgreSQL, which refuses to run as root, could reach its folder as the user that it runs as then.</summary>
    public void LetPostgresIn()
    {
        Directory.CreateDirectory(Services);
        if (Environment.IsPrivilegedProcess && ClosedAbove(Services) is { } closed)
        {
            throw new ClusterException($"""
                PostgreSQL does not run as root, but as a user of its own, who may not enter {closed}.
                Open it (chmod o+x {closed}), set {Variable} to a folder elsewhere, or run ./cluster as another user than root.
                """);
        }
    }

    // The outermost folder that others than its owner may not enter.
    private static string? ClosedAbove(string path)
    {
        string? closed = null;
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            closed = folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute) ? closed : folder.FullName;
        }

        return closed;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            Copy(folder, System.IO.Path.Combine(to, System.IO.Path.GetFileName(folder)));
        }
    }
}

/// <summary>It cannot be done; the message says why, to whoever asked for it.</summary>
internal sealed class ClusterException(string message) : Exception(message);
