using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FanHub.Testing.Topology;

/// <summary>Asks a service how it is.</summary>
public static class ServiceHealth
{
    /// <summary>Where a node says whether it can do its work.</summary>
    public const string NodePath = "/health/ready";

    /// <summary>Where the balancer says that it is there.</summary>
    public const string BalancerPath = "/health/balancer";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Limit };

    /// <summary>Asks.</summary>
    /// <returns>Null where all is well, else what is wrong.</returns>
    public static async Task<string?> ProblemAsync(ServiceKind kind, int port) => (await AskAsync(kind, port)).Problem;

    /// <summary>Asks.</summary>
    /// <returns>Whether it answered at all, if only that it cannot do its work; and what is wrong, or null.</returns>
    internal static async Task<(bool Answered, string? Problem)> AskAsync(ServiceKind kind, int port)
    {
        try
        {
            return (true, kind switch
            {
                ServiceKind.Redis => await TalkAsync(port, "PING\r\n"u8.ToArray(), "+PONG"),
                ServiceKind.Postgres => await TalkAsync(port, PostgresGreeting(), "R"),
                ServiceKind.Node => await GetAsync(port, NodePath),
                ServiceKind.Balancer => await GetAsync(port, BalancerPath),
                _ => throw new ArgumentOutOfRangeException(nameof(kind)),
            });
        }
        catch (Exception e) when (e is SocketException or HttpRequestException or IOException or OperationCanceledException)
        {
            return (false, e is OperationCanceledException ? $"does not answer within {Limit.TotalSeconds} s" : e.InnerException?.Message ?? e.Message);
        }
    }

    private static async Task<string?> GetAsync(int port, string path)
    {
        using var response = await Http.GetAsync($"http://127.0.0.1:{port}{path}");
        return response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode}: {(await response.Content.ReadAsStringAsync()).Trim()}";
    }

    private static async Task<string?> TalkAsync(int port, byte[] say, string expected)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), limit.Token);
        await socket.SendAsync(say, limit.Token);
        var answer = new byte[512];
        var text = Encoding.UTF8.GetString(answer, 0, await socket.ReceiveAsync(answer, limit.Token)).ReplaceLineEndings(" ").Replace('\0', ' ');
        return text.StartsWith(expected, StringComparison.Ordinal) ? null : $"answers \"{text.Trim()}\"";
    }

    // The start of a session, in version 3.0 of its protocol. Answered with R (authenticate yourself), or E while it starts or stops.
    private static byte[] PostgresGreeting()
    {
        var parameters = Encoding.UTF8.GetBytes($"user\0{PostgresFiles.SuperUser}\0database\0postgres\0\0");
        var message = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), 3 << 16);
        parameters.CopyTo(message, 8);
        return message;
    }
}
