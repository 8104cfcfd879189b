namespace FanHub.Testing;

/// <summary>PostgreSQL's programs as Debian has them: beside the path, and not to be run as root.</summary>
internal static class PostgresPrograms
{
    private const string Versions = "/usr/lib/postgresql";
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(120);

    /// <summary>The account to run them as: null for this one.</summary>
    public static string? Account()
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
        {
            return null;
        }

        return File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
    }

    /// <summary>Starts one. Its process id is the program's own.</summary>
    public static Task<ChildProcess> StartAsync(string? account, string program, IEnumerable<string> arguments)
    {
        var path = Find(program);
        return account is null
            ? ChildProcess.StartAsync(path, arguments, workingDirectory: "/")
            // Changing the account makes the kernel forget that the child is to end with us, so it is told again.
            : ChildProcess.StartAsync("setpriv", [.. As(account), "--pdeathsig", "KILL", path, .. arguments], workingDirectory: "/");
    }

    /// <summary>What <c>setpriv</c> is told to become that account.</summary>
    public static IReadOnlyList<string> As(string account) => ["--reuid", account, "--regid", account == "nobody" ? "nogroup" : account, "--clear-groups"];

    /// <summary>Runs one to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote.</exception>
    public static async Task RunAsync(string? account, string program, IEnumerable<string> arguments)
    {
        await using var process = await StartAsync(account, program, arguments);
        if (await process.WaitForExitAsync(RunLimit) != 0)
        {
            throw new InvalidOperationException($"{program} failed:\n{process.Output}");
        }
    }

    /// <summary>The program of the newest version that is installed, else whatever the path has.</summary>
    public static string Find(string program)
    {
        var newest = Directory.Exists(Versions) ? Directory.GetDirectories(Versions).Select(v => Path.Combine(v, "bin", program)).Where(File.Exists).Order(StringComparer.Ordinal).LastOrDefault() : null;
        return newest ?? program;
    }
}
