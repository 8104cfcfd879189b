using System.Globalization;

namespace FanHub.Testing;

/// <summary>A FanHub server as a process of its own, on a free port and with its own data folder, which survives restarts.</summary>
public sealed class FanHubProcess : IAsyncDisposable
{
    /// <summary>The admin key of every server that tests start.</summary>
    public const string AdminKey = "test-key-of-no-other-server";

    /// <summary>The server, built in the same configuration as the caller.</summary>
    public static readonly string Program = Repository.PathOf("src", "FanHub.Server", "bin", BuiltAs, "net10.0", "FanHub.Server.dll");

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private const int Attempts = 5;

    private readonly Dictionary<string, string?> _environment;
    private ChildProcess? _process;

    private FanHubProcess(IReadOnlyDictionary<string, string?> settings)
    {
        _environment = new(StringComparer.Ordinal)
        {
            ["FanHub__DataDirectory"] = Folder,
            ["FanHub__BootstrapKey"] = AdminKey,
            ["FanHub__Limits__Enabled"] = "false",
            ["FanHub__Drain__Window"] = "00:00:00.5",
            ["DOTNET_gcServer"] = "0",
        };
        foreach (var (name, value) in settings)
        {
            _environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
    }

    /// <summary>Its data folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("fanhub-node-").FullName;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Its process.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("It does not run.");

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="settings">Configuration, with colons: <c>ConnectionStrings:Redis</c>.</param>
    public static async Task<FanHubProcess> StartNewAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var server = new FanHubProcess(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        for (var attempt = 1; ; attempt++)
        {
            server.Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}"));
            try
            {
                await server.StartAsync();
                return server;
            }
            catch (InvalidOperationException e) when (attempt < Attempts && e.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
            {
                // Somebody was faster: another port.
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Starts it, again if it ran before, on the same port and folder, and waits until it listens.</summary>
    public async Task StartAsync()
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _environment["Urls"] = Address.ToString().TrimEnd('/');
        _process = await ChildProcess.StartAsync("dotnet", [Program], _environment, Folder, line =>
        {
            if (line.StartsWith("FanHub is listening", StringComparison.Ordinal))
            {
                listening.TrySetResult();
            }
        });
        var ended = Process.WaitForExitAsync(StartLimit);
        if (await Task.WhenAny(listening.Task, ended) == ended)
        {
            throw new InvalidOperationException($"The server ended, or did not listen within {StartLimit.TotalSeconds} s:\n{Process.Output}");
        }
    }

    /// <summary>Ends it without warning, as a power cut would.</summary>
    public async Task KillAsync()
    {
        await Process.KillAsync();
        await Process.DisposeAsync();
        _process = null;
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        Process.Terminate();
        return await Process.WaitForExitAsync(TimeSpan.FromSeconds(30));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static string BuiltAs => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
}
