using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FanHub.Testing;

/// <summary>Whether Redis writes what it is told to a file, and when it is forced onto the disk.</summary>
public enum RedisAppendOnly
{
    /// <summary>Not at all: a restart forgets everything.</summary>
    Off,

    /// <summary>Once a second.</summary>
    EverySecond,

    /// <summary>Before every answer.</summary>
    Always,
}

/// <summary>How to run Redis.</summary>
public sealed record RedisServerOptions
{
    /// <summary>Its append-only file.</summary>
    public RedisAppendOnly AppendOnly { get; init; }

    /// <summary>More arguments, for example <c>--maxmemory 10mb</c>, one element a word.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}

/// <summary>A real Redis on a port and in a folder of its own, reachable from this machine only, to be killed, paused and started again.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly RedisServerOptions _options;
    private ChildProcess? _process;

    private RedisServer(RedisServerOptions options) => _options = options;

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Where its files are; deleted on disposal.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("fanhub-redis-").FullName;

    /// <summary>For StackExchange.Redis; stays the same over restarts.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Its process.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("It does not run.");

    /// <summary>Starts a new one and waits until it answers.</summary>
    public static async Task<RedisServer> StartNewAsync(RedisServerOptions? options = null)
    {
        var server = new RedisServer(options ?? new RedisServerOptions());
        try
        {
            await FreePort.TryAsync(port =>
            {
                server.Port = port;
                return server.StartAsync();
            });
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, on the same port and folder, and waits until it answers with its data loaded.</summary>
    public async Task StartAsync()
    {
        if (_process is { HasExited: false })
        {
            throw new InvalidOperationException("It runs already.");
        }

        var process = await ChildProcess.StartAsync("redis-server", [.. Arguments(Port, Folder, _options.AppendOnly), .. _options.Arguments]);
        _process = process;
        using var limit = new CancellationTokenSource(StartLimit);
        while (!await AnswersAsync(process, limit.Token))
        {
            if (process.HasExited)
            {
                var output = process.Output;
                throw output.Contains("Address already in use", StringComparison.Ordinal) || output.Contains("Failed listening", StringComparison.Ordinal)
                    ? new PortTakenException(Port)
                    : new InvalidOperationException($"redis-server ended while starting:\n{output}");
            }

            // Nothing tells when it listens; it takes some 10 to 50 ms.
            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>Ends it without warning (SIGKILL).</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Freezes it (SIGSTOP).</summary>
    public Task PauseAsync()
    {
        Process.Pause();
        return Task.CompletedTask;
    }

    /// <summary>Lets it go on after <see cref="PauseAsync"/>, and waits until it answers.</summary>
    public async Task ResumeAsync()
    {
        Process.Resume();
        await CommandAsync("PING");
    }

    /// <summary>Sends one command over a connection of its own.</summary>
    /// <param name="words">Command and arguments without spaces in them, for example <c>FLUSHALL</c>.</param>
    /// <returns>The reply as Redis wrote it (RESP2), for example <c>+OK</c>; for a bulk string, the text alone.</returns>
    public async Task<string> CommandAsync(params string[] words)
    {
        using var limit = new CancellationTokenSource(AnswerLimit);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, limit.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join(' ', words) + "\r\n"), limit.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var line = await reader.ReadLineAsync(limit.Token) ?? throw new IOException("Redis closed the connection.");
        if (line.StartsWith('-'))
        {
            throw new InvalidOperationException(line[1..]);
        }

        if (!line.StartsWith('$'))
        {
            return line;
        }

        var length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
        var text = new char[Math.Max(0, length)];
        await reader.ReadBlockAsync(text, limit.Token);
        return new string(text);
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

    /// <summary>How Redis is started, for whoever does it.</summary>
    internal static IReadOnlyList<string> Arguments(int port, string folder, RedisAppendOnly appendOnly) =>
    [
        "--bind", "127.0.0.1",
        "--port", port.ToString(CultureInfo.InvariantCulture),
        "--dir", folder,
        "--daemonize", "no",
        "--save", "",
        "--appendonly", appendOnly == RedisAppendOnly.Off ? "no" : "yes",
        "--appendfsync", appendOnly == RedisAppendOnly.Always ? "always" : "everysec",
    ];

    // Another server may have the port by now: only an answer from our own process counts.
    private async Task<bool> AnswersAsync(ChildProcess process, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var mine = string.Create(CultureInfo.InvariantCulture, $"process_id:{process.Id}\r");
            return string.Equals(await CommandAsync("PING"), "+PONG", StringComparison.Ordinal)
                && (await CommandAsync("INFO", "server")).Contains(mine, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
