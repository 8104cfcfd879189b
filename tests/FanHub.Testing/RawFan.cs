using System.Buffers;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FanHub.Contracts;

namespace FanHub.Testing;

/// <summary>A fan that speaks the wire protocol by hand, byte by byte: for what no well-behaved client would send, and for what exactly comes back.</summary>
public sealed class RawFan : IAsyncDisposable
{
    private const byte Separator = 0x1e;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly ClientWebSocket _socket = new();
    private readonly Queue<JsonElement> _received = new();
    private readonly ArrayBufferWriter<byte> _unfinished = new();
    private int _invocation;

    private RawFan()
    {
    }

    /// <summary>Everything that came and was not the answer to a call, in order.</summary>
    public List<JsonElement> Pushed { get; } = [];

    /// <summary>All updates pushed so far.</summary>
    public IEnumerable<JsonElement> Updates => Pushed.Where(m => IsCall(m, HubMethods.Updates)).SelectMany(m => m.GetProperty("arguments")[0].EnumerateArray());

    /// <summary>Gets a session's token.</summary>
    public static async Task<FanSession> SessionAsync(Uri address)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(address, "/api/v1/fans/session"), content: null);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<FanSession>(WireJson.Options))!;
    }

    /// <summary>Connects and shakes hands.</summary>
    /// <param name="address">The node.</param>
    /// <param name="token">A token; null asks for a new session, the empty string presents none.</param>
    /// <param name="inQuery">Whether the token goes into the query, as browsers must.</param>
    public static async Task<RawFan> ConnectAsync(Uri address, string? token = null, bool inQuery = false)
    {
        token ??= (await SessionAsync(address)).Token;
        var fan = new RawFan();
        try
        {
            var uri = new UriBuilder(address) { Scheme = "ws", Path = HubMethods.Path, Query = inQuery ? $"access_token={token}" : "" }.Uri;
            if (!inQuery && token.Length > 0)
            {
                fan._socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            }

            using var limit = new CancellationTokenSource(Limit);
            fan._socket.Options.CollectHttpResponseDetails = true;
            await fan._socket.ConnectAsync(uri, limit.Token);
            await fan.SendAsync("{\"protocol\":\"json\",\"version\":1}");
            await fan.ReceiveAsync();
            return fan;
        }
        catch
        {
            await fan.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a text as one message.</summary>
    public async Task SendAsync(string message)
    {
        using var limit = new CancellationTokenSource(Limit);
        await _socket.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(message), Separator], WebSocketMessageType.Text, endOfMessage: true, limit.Token);
    }

    /// <summary>Calls a hub method and waits for the completion, in which <c>result</c> or <c>error</c> stands.</summary>
    public async Task<JsonElement> InvokeAsync(string target, params object?[] arguments)
    {
        var id = (++_invocation).ToString(CultureInfo.InvariantCulture);
        await SendAsync(new JsonObject
        {
            ["type"] = 1,
            ["invocationId"] = id,
            ["target"] = target,
            ["arguments"] = JsonSerializer.SerializeToNode(arguments, WireJson.Options),
        }.ToJsonString());
        while (true)
        {
            var message = await ReceiveAsync();
            if (message.GetProperty("type").GetInt32() == 3 && message.GetProperty("invocationId").GetString() == id)
            {
                return message;
            }

            Pushed.Add(message);
        }
    }

    /// <summary>Waits until something that was pushed satisfies the condition.</summary>
    public async Task<JsonElement> WaitForPushAsync(Func<JsonElement, bool> condition)
    {
        foreach (var earlier in Pushed.Where(condition))
        {
            return earlier;
        }

        while (true)
        {
            var message = await ReceiveAsync();
            Pushed.Add(message);
            if (condition(message))
            {
                return message;
            }
        }
    }

    /// <summary>Waits for an update that satisfies the condition.</summary>
    public async Task<JsonElement> WaitForUpdateAsync(Func<JsonElement, bool> condition)
    {
        var message = await WaitForPushAsync(m => IsCall(m, HubMethods.Updates) && m.GetProperty("arguments")[0].EnumerateArray().Any(condition));
        return message.GetProperty("arguments")[0].EnumerateArray().First(condition);
    }

    /// <summary>Waits until the server closes the connection.</summary>
    /// <returns>The text of its close message, or null where it gave none.</returns>
    public async Task<string?> WaitForCloseAsync()
    {
        string? error = null;
        try
        {
            while (true)
            {
                var message = await ReceiveAsync();
                Pushed.Add(message);
                if (message.GetProperty("type").GetInt32() == 7)
                {
                    error = message.TryGetProperty("error", out var text) ? text.GetString() : null;
                }
            }
        }
        catch (WebSocketException)
        {
            return error;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether a message is a call of a client method.</summary>
    public static bool IsCall(JsonElement message, string target) =>
        message.TryGetProperty("target", out var name) && name.GetString() == target;

    private async Task<JsonElement> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            while (_received.TryDequeue(out var message))
            {
                // SignalR's ping.
                if (!message.TryGetProperty("type", out var type) || type.GetInt32() != 6)
                {
                    return message;
                }
            }

            var memory = _unfinished.GetMemory(4096);
            var result = await _socket.ReceiveAsync(memory, limit.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                throw new WebSocketException("The server closed the connection.");
            }

            _unfinished.Advance(result.Count);
            Split();
        }
    }

    private void Split()
    {
        var bytes = _unfinished.WrittenSpan;
        var begin = 0;
        for (var end = bytes.IndexOf(Separator); end >= 0; end = bytes[begin..].IndexOf(Separator) is >= 0 and var next ? begin + next : -1)
        {
            _received.Enqueue(JsonSerializer.Deserialize<JsonElement>(bytes[begin..end]));
            begin = end + 1;
        }

        var rest = bytes[begin..].ToArray();
        _unfinished.Clear();
        _unfinished.Write(rest);
    }
}
