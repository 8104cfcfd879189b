using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using FanHub.Contracts;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Fans;

/// <summary>Many fans, each with a session and a connection of its own, spread evenly over the nodes.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int AtOnce = 32;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false });
    private readonly IReadOnlyList<Uri> _nodes;
    private readonly FanSocket?[] _fans;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _pinging;

    /// <summary>Nobody is there yet.</summary>
    public Crowd(IReadOnlyList<Uri> nodes, int count)
    {
        _nodes = nodes;
        _fans = new FanSocket?[count];
        _pinging = PingAsync();
    }

    /// <summary>Everybody who has come.</summary>
    public IEnumerable<FanSocket> Fans => _fans.OfType<FanSocket>();

    /// <summary>A fan by number.</summary>
    public FanSocket this[int number] => _fans[number] ?? throw new InvalidOperationException("This fan has not come yet.");

    /// <summary>Lets everybody come and follow a channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="hear">What each fan, by number, does with calls.</param>
    /// <param name="arrived">Called for each who is there and follows, with the reply.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task GatherAsync(string channel, Func<int, Hearing> hear, Action<int, FollowReply> arrived, CancellationToken cancellationToken) =>
        GatherAsync(_ => [channel], hear, arrived, cancellationToken);

    /// <summary>Lets everybody come and follow channels.</summary>
    /// <param name="channels">What each fan, by number, follows.</param>
    /// <param name="hear">What each does with calls.</param>
    /// <param name="arrived">Called for each channel that one who is there follows, with the reply.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task GatherAsync(Func<int, IEnumerable<string>> channels, Func<int, Hearing> hear, Action<int, FollowReply> arrived, CancellationToken cancellationToken)
    {
        OpenFiles.Check(_fans.Length);
        return Parallel.ForAsync(0, _fans.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (number, cancel) =>
        {
            try
            {
                var node = _nodes[number % _nodes.Count];
                var session = await StartSessionAsync(node, cancel);
                var fan = await FanSocket.ConnectAsync(node, session.Token, _http, hear(number), cancel);
                _fans[number] = fan;
                foreach (var channel in channels(number))
                {
                    var reply = await fan.CallAsync(HubMethods.Follow, new FollowRequest { Channel = channel, Locale = "en" }, cancel);
                    ThrowIfRefused(reply, HubMethods.Follow);
                    arrived(number, reply.Read<FollowReply>());
                }
            }
            catch (Exception e) when (e is HttpRequestException or WebSocketException or IOException or TimeoutException or SocketException)
            {
                throw new LoadTestException($"Fan {number + 1:N0} of {_fans.Length:N0} could not connect: {e.Message}", e);
            }
        });
    }

    /// <summary>Lets everybody leave; what was on its way to them is still heard.</summary>
    public Task LeaveAsync(Action left) => Parallel.ForEachAsync(Fans, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (fan, _) =>
    {
        await fan.LeaveAsync();
        left();
    });

    /// <summary>Throws where the hub refused.</summary>
    public static void ThrowIfRefused(Reply reply, string method)
    {
        if (string.Equals(reply.ErrorCode, ErrorCodes.RateLimited, StringComparison.Ordinal))
        {
            throw LoadTestException.Limited($"calls of {method}");
        }

        if (reply.Error is not null)
        {
            throw new LoadTestException($"{method} was refused: {reply.Error}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pinging;
        foreach (var fan in Fans)
        {
            await fan.DisposeAsync();
        }

        _stop.Dispose();
        _http.Dispose();
    }

    private async Task<FanSession> StartSessionAsync(Uri node, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, "api/v1/fans/session"));
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            throw LoadTestException.Limited("sessions");
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new LoadTestException($"{request.RequestUri} was answered {(int)response.StatusCode}. Is it a FanHub node that serves fans?");
        }

        return await response.Content.ReadFromJsonAsync<FanSession>(WireJson.Options, cancellationToken) ?? throw new LoadTestException($"{request.RequestUri} gave no session.");
    }

    private async Task PingAsync()
    {
        using var timer = new PeriodicTimer(PingInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await Parallel.ForEachAsync(Fans, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = _stop.Token }, async (fan, cancel) => await fan.PingAsync(cancel));
            }
        }
        catch (OperationCanceledException)
        {
            // Everybody leaves.
        }
    }
}
