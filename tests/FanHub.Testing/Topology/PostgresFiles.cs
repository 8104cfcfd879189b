using System.Globalization;

namespace FanHub.Testing.Topology;

/// <summary>A PostgreSQL's data and how it is started, for whoever does it.</summary>
/// <param name="folder">Where they are.</param>
internal sealed class PostgresFiles(string folder)
{
    /// <summary>Its superuser.</summary>
    public const string SuperUser = "fanhub";

    private static readonly TimeSpan UnlockLimit = TimeSpan.FromSeconds(10);

    /// <summary>Where everything is.</summary>
    public string Folder => folder;

    private string Data => Path.Combine(folder, "data");

    private string PasswordFile => Path.Combine(folder, "password");

    /// <summary>For Npgsql.</summary>
    public string ConnectionString(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Database=postgres;Username={SuperUser};Password={Secrets.Keep(PasswordFile)}");

    /// <summary>The server's arguments.</summary>
    public IReadOnlyList<string> Arguments(int port) =>
    [
        "-D", Data,
        "-p", port.ToString(CultureInfo.InvariantCulture),
        "-c", "listen_addresses=127.0.0.1",
        "-c", "unix_socket_directories=",
    ];

    /// <summary>Waits until a server that was killed is gone for good: another one does not start while there is a process with the number that the first one left, ended or not.</summary>
    public async Task UnlockAsync()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (File.Exists(file) && int.TryParse(File.ReadLines(file).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            // Where nobody takes note of it, the server says why it does not start.
            await ServiceProcesses.UntilAsync(() => !ProcessIdentity.HasEndedUnnoticed(id), UnlockLimit);
        }
    }

    /// <summary>Makes the data, unless it is there.</summary>
    /// <exception cref="InvalidOperationException">It cannot be made, or its password is lost; the message says more.</exception>
    public async Task CreateAsync()
    {
        if (Directory.Exists(Data))
        {
            // The database knows the password that it was made with, and no new one.
            _ = Secrets.Read(PasswordFile)
                ?? throw new InvalidOperationException($"The password of PostgreSQL is missing: {PasswordFile} is empty or not there. Put it back, or remove {Data} as well, with all that editors wrote.");
            return;
        }

        // Under another name first: who is interrupted leaves none, and not half of one.
        var unfinished = $"{Data}.new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Secrets.Keep(PasswordFile);
        var account = PostgresPrograms.Account();
        if (account is not null)
        {
            await PostgresPrograms.RunAsync(account: null, "chown", ["-R", account, folder]);
        }

        await PostgresPrograms.RunAsync(
            account, "initdb", ["-D", unfinished, "-U", SuperUser, "--pwfile", PasswordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]);
        Directory.Move(unfinished, Data);
    }
}
