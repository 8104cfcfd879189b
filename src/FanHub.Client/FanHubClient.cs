using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using FanHub.Contracts;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Client;

/// <summary>
/// One fan: keeps a connection up for as long as it lives, on whichever node answers, follows channels without holes, and casts ballots until there is a receipt.
/// </summary>
public sealed class FanHubClient : IAsyncDisposable
{
    private readonly FanHubClientOptions _options;
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, ChannelView> _views = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource<HubConnection> _connected = NewConnected();
    private FanSession? _session;
    private Task _running = Task.CompletedTask;
    private TimeSpan? _moveAfter;
    private CancellationTokenSource? _move;
    private int _address;
    private volatile bool _doubted;

    /// <summary>Creates it; nothing happens before <see cref="Start"/>.</summary>
    public FanHubClient(FanHubClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Addresses.Count == 0)
        {
            throw new ArgumentException("There has to be at least one address.", nameof(options));
        }

        _options = options;
        _http = options.Http ?? new HttpClient();
    }

    /// <summary>Called for every notice.</summary>
    public event Action<Notice>? Noticed;

    /// <summary>Called whenever a connection was made.</summary>
    public event Action<Uri>? Connected;

    /// <summary>Called whenever a connection was lost, or an attempt failed.</summary>
    public event Action<Exception?>? Disconnected;

    /// <summary>The fan's id, once there is a session.</summary>
    public string? Fan => _session?.Fan;

    /// <summary>The session's token, once there is one.</summary>
    public string? Token => _session?.Token;

    /// <summary>Begins to connect, and never stops trying.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Waits until there is a connection.</summary>
    public async Task WaitUntilConnectedAsync(CancellationToken cancellationToken = default) => await Volatile.Read(ref _connected).Task.WaitAsync(cancellationToken);

    /// <summary>Follows a channel, now and after every reconnect.</summary>
    /// <returns>The view, which the first reply has filled.</returns>
    /// <exception cref="FanHubError">The service refused, for example because there is no such channel.</exception>
    public async Task<ChannelView> FollowAsync(string channel, CancellationToken cancellationToken = default)
    {
        var view = _views.GetOrAdd(channel, static c => new ChannelView(c));
        while (true)
        {
            var connection = await Volatile.Read(ref _connected).Task.WaitAsync(cancellationToken);
            try
            {
                if (view.Position is null)
                {
                    await FollowAsync(connection, view, cancellationToken);
                }

                return view;
            }
            catch (FanHubError)
            {
                _views.TryRemove(channel, out _);
                throw;
            }
            catch (Exception e) when (IsConnectionLoss(e) && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Jitter(TimeSpan.FromMilliseconds(200)), cancellationToken);
            }
        }
    }

    /// <summary>Casts a ballot: resends the same submission, over whatever connection there is, until there is a receipt or a final refusal.</summary>
    /// <exception cref="FanHubError">It was refused, and sending it again is no use.</exception>
    /// <exception cref="TimeoutException">There was no answer within <see cref="FanHubClientOptions.VoteTimeout"/>; whether it counts is unknown.</exception>
    public async Task<BallotReply> VoteAsync(string interaction, IReadOnlyList<string> choices, string? submission = null, CancellationToken cancellationToken = default)
    {
        var request = new VoteRequest { Interaction = interaction, Choices = choices, Submission = submission ?? Guid.NewGuid().ToString("N") };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.VoteTimeout);
        var backoff = TimeSpan.FromMilliseconds(100);
        try
        {
            while (true)
            {
                try
                {
                    var connection = await Volatile.Read(ref _connected).Task.WaitAsync(limit.Token);
                    return await CallAsync<BallotReply>(connection, HubMethods.Vote, request, limit.Token);
                }
                catch (FanHubError e) when (e.Code is ErrorCodes.Unavailable or ErrorCodes.RateLimited)
                {
                    // Asked to come again.
                }
                catch (Exception e) when (IsConnectionLoss(e) && !limit.IsCancellationRequested)
                {
                    // Whether it was recorded is unknown; the same submission finds out.
                }

                await Task.Delay(Jitter(backoff), limit.Token);
                backoff = TimeSpan.FromMilliseconds(Math.Min(2000, backoff.TotalMilliseconds * 2));
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"There was no receipt within {_options.VoteTimeout.TotalSeconds} s.", e);
        }
    }

    /// <summary>The fan's own ballots among the interactions named.</summary>
    public async Task<IReadOnlyList<OwnBallot>> MineAsync(IReadOnlyList<string> interactions, CancellationToken cancellationToken = default) =>
        await CallAsync<List<OwnBallot>>(await Volatile.Read(ref _connected).Task.WaitAsync(cancellationToken), HubMethods.Mine, interactions, cancellationToken);

    /// <summary>The server's clock.</summary>
    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default)
    {
        var connection = await Volatile.Read(ref _connected).Task.WaitAsync(cancellationToken);
        return DateTimeOffset.FromUnixTimeMilliseconds(await connection.InvokeAsync<long>(HubMethods.Now, cancellationToken).WaitAsync(_options.CallTimeout, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        if (_options.Http is null)
        {
            _http.Dispose();
        }
    }

    private static TaskCompletionSource<HubConnection> NewConnected() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TimeSpan Jitter(TimeSpan bound) => bound * Random.Shared.NextDouble();

    private static bool IsConnectionLoss(Exception e) =>
        e is TimeoutException or OperationCanceledException or WebSocketException or HttpRequestException or InvalidOperationException or IOException or ConnectionAbortedException or ObjectDisposedException;

    private async Task RunAsync()
    {
        var backoff = TimeSpan.FromMilliseconds(100);
        while (!_stop.IsCancellationRequested)
        {
            var address = _options.Addresses[_address++ % _options.Addresses.Count];
            Exception? reason = null;
            var wasUp = false;
            try
            {
                reason = await ConnectOnceAsync(address, () => wasUp = true);
            }
            catch (Exception e) when (IsConnectionLoss(e) || e is FanHubError or HubException)
            {
                reason = e;
            }

            if (_stop.IsCancellationRequested)
            {
                break;
            }

            Disconnected?.Invoke(reason);
            backoff = wasUp ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromMilliseconds(Math.Min(_options.MaxBackoff.TotalMilliseconds, backoff.TotalMilliseconds * 2));
            await Task.Delay(_moveAfter is null ? Jitter(backoff) : TimeSpan.Zero, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _moveAfter = null;
        }
    }

    /// <summary>Connects, follows what is followed, and stays until the connection ends.</summary>
    private async Task<Exception?> ConnectOnceAsync(Uri address, Action up)
    {
        _session = await StartSessionAsync(address);
        var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = Build(address);
        using var move = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _move = move;
        connection.Closed += e =>
        {
            closed.TrySetResult(e);
            return Task.CompletedTask;
        };
        connection.On<Update[]>(HubMethods.Updates, updates => Receive(connection, updates));
        connection.On<Notice>(HubMethods.Notice, Receive);
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            limit.CancelAfter(_options.CallTimeout);
            await connection.StartAsync(limit.Token);
        }

        foreach (var view in _views.Values)
        {
            await FollowAsync(connection, view, _stop.Token);
        }

        up();
        Volatile.Read(ref _connected).TrySetResult(connection);
        Connected?.Invoke(address);
        try
        {
            return await closed.Task.WaitAsync(move.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            _move = null;
            Volatile.Write(ref _connected, NewConnected());
        }
    }

    private HubConnection Build(Uri address)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new WebSocketConnectionFactory(() => _session!.Token, refused: () => _doubted = true));
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(new Uri(address, HubMethods.Path)));
        builder.AddJsonProtocol(o => WireJson.Apply(o.PayloadSerializerOptions));
        return builder.Build();
    }

    private void Receive(HubConnection connection, Update[] updates)
    {
        foreach (var update in updates)
        {
            if (_views.TryGetValue(update.Channel, out var view) && !view.Receive(update))
            {
                // Not to be awaited here: the reply comes through the very queue that this call holds up.
                _ = Task.Run(() => RefollowAsync(connection, view));
            }
        }
    }

    private async Task RefollowAsync(HubConnection connection, ChannelView view)
    {
        try
        {
            await FollowAsync(connection, view, _stop.Token);
        }
        catch (Exception e) when (IsConnectionLoss(e) || e is FanHubError)
        {
            // A new connection starts clean.
            await connection.StopAsync(CancellationToken.None);
        }
    }

    private void Receive(Notice notice)
    {
        switch (notice)
        {
            case { Code: NoticeCodes.Resync, Channel: { } channel, Epoch: { } epoch, Offset: { } offset } when _views.TryGetValue(channel, out var view):
                view.Resync(new Position(epoch, offset));
                break;
            case { Code: NoticeCodes.Reconnect }:
                _moveAfter = TimeSpan.FromMilliseconds(notice.RetryAfterMs ?? 0);
                _move?.CancelAfter(_moveAfter.Value);
                break;
            case { Code: NoticeCodes.SessionExpired }:
                _doubted = true;
                break;
        }

        Noticed?.Invoke(notice);
    }

    private async Task FollowAsync(HubConnection connection, ChannelView view, CancellationToken cancellationToken)
    {
        view.ExpectReply();
        var request = new FollowRequest { Channel = view.Channel, Since = view.Position, Locale = _options.Locale };
        if (!view.Apply(await CallAsync<FollowReply>(connection, HubMethods.Follow, request, cancellationToken)))
        {
            throw new IOException($"Updates of {view.Channel} are missing right after following it.");
        }
    }

    private async Task<T> CallAsync<T>(HubConnection connection, string method, object argument, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.InvokeAsync<T>(method, argument, cancellationToken).WaitAsync(_options.CallTimeout, cancellationToken);
        }
        catch (HubException e)
        {
            throw FanHubError.Parse(e.Message);
        }
    }

    private async Task<FanSession> StartSessionAsync(Uri address)
    {
        if (!_doubted && _session is { } current && current.ExpiresAt > DateTimeOffset.UtcNow.AddMinutes(5))
        {
            return current;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/api/v1/fans/session"));
        if (_session is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _session.Token);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(_options.CallTimeout);
        using var response = await _http.SendAsync(request, limit.Token);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            // Too old, or of a fan who has been forgotten: the next attempt begins as a new one.
            _session = null;
        }

        response.EnsureSuccessStatusCode();
        var session = (await response.Content.ReadFromJsonAsync<FanSession>(WireJson.Options, limit.Token))!;
        _doubted = false;
        return session;
    }
}
