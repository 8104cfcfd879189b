using System.Globalization;
using System.Net.Sockets;
using FanHub.LoadTests.Running;
using FanHub.Testing;

namespace FanHub.LoadTests.Peers;

/// <summary>A peer's process, and what all of them are told over HTTP.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private PeerProcess(ChildProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The process.</summary>
    public IReadOnlyList<int> Pids => [_process.Id];

    /// <summary>Starts it on a free port, and waits until it listens.</summary>
    public static async Task<PeerProcess> StartAsync(string program, Func<int, IEnumerable<string>> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        PeerProcess? peer = null;
        await FreePort.TryAsync(async port =>
        {
            var process = await ChildProcess.StartAsync(program, arguments(port), environment);
            using var limit = new CancellationTokenSource(StartLimit);
            while (!await ListensAsync(port))
            {
                if (process.HasExited || limit.IsCancellationRequested)
                {
                    var output = process.Output;
                    await process.DisposeAsync();
                    throw output.Contains("ddress already in use", StringComparison.Ordinal) ? new PortTakenException(port) : new LoadTestException($"{program} did not start: {output}");
                }

                await Task.Delay(20, CancellationToken.None);
            }

            peer = new PeerProcess(process, port);
        });
        return peer!;
    }

    /// <summary>Posts a text.</summary>
    public async Task PostAsync(string path, string text, CancellationToken cancellationToken)
    {
        using var content = new StringContent(text);
        using var response = await _http.PostAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}{path}")), content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _process.DisposeAsync();
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(System.Net.IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
