using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FanHub.Realtime.Redis;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FanHub.Realtime.Backplane;

/// <summary>
/// SignalR over any number of nodes that meet in Redis. Connections of this node are served at once, whether Redis is there or not; those of others through publish/subscribe, at most once.
/// A node listens to one channel that all share, one of its own, and one for each group that a connection of it is in.
/// </summary>
/// <remarks>Where Redis is away, what cannot be done on this node alone throws <see cref="BackplaneUnavailableException"/> within <see cref="RedisConnection.CallTimeout"/>.</remarks>
/// <typeparam name="THub">The hub.</typeparam>
public sealed partial class RedisHubLifetimeManager<THub> : HubLifetimeManager<THub>, IAsyncDisposable
    where THub : Hub
{
    private readonly string _node = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
    private readonly string _hub = typeof(THub).FullName ?? typeof(THub).Name;
    private readonly RedisKeys _keys;
    private readonly IHubProtocolResolver _protocols;
    private readonly BackplaneOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LocalConnections _connections = new();
    private readonly PendingResults _results = new();
    private readonly PendingAnswers _answers;
    private readonly LocalGroups _groups;
    private readonly RedisBus _bus;
    private readonly ITimer _timer;
    private readonly Task _listening;
    private long _lastRequest;

    /// <summary>Creates it; it listens from now on.</summary>
    public RedisHubLifetimeManager(
        RedisConnection redis, IHubProtocolResolver protocols, IOptions<BackplaneOptions> options, TimeProvider time, ILogger<RedisHubLifetimeManager<THub>> logger)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentNullException.ThrowIfNull(options);
        _keys = redis.Keys;
        _protocols = protocols;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _answers = new PendingAnswers(time);
        _bus = new RedisBus(redis, _node, _options.MaxReceived, Handle, logger);
        _groups = new LocalGroups(group => _bus.ListenAsync(_keys.BackplaneGroup(_hub, group)), group => _bus.StopListeningAsync(_keys.BackplaneGroup(_hub, group)));
        _listening = Task.WhenAll(_bus.ListenAsync(AllChannel), _bus.ListenAsync(_keys.BackplaneNode(_hub, _node)));
        _timer = time.CreateTimer(_ => Watch(), state: null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    private string AllChannel => _keys.BackplaneAll(_hub);

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(HubConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await _listening;
        _connections.Add(new LocalConnection(connection, _options, _time));
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return _connections.Remove(connection.ConnectionId) is { } local
            ? Task.WhenAll(local.End().Select(group => _groups.RemoveAsync(local, group)))
            : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task SendAllAsync(string methodName, object?[] args, CancellationToken cancellationToken = default) => SendAllExceptAsync(methodName, args, [], cancellationToken);

    /// <inheritdoc/>
    public override Task SendAllExceptAsync(string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds, CancellationToken cancellationToken = default)
    {
        var message = new BackplaneMessage { Kind = BackplaneKind.All, From = _node, Ids = excludedConnectionIds ?? [], Payload = Encode(new InvocationMessage(methodName, args)) };
        Deliver(message);
        return _bus.PublishAsync(AllChannel, message, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task SendGroupAsync(string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendGroupExceptAsync(groupName, methodName, args, [], cancellationToken);

    /// <inheritdoc/>
    public override Task SendGroupExceptAsync(string groupName, string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(groupName);
        return SendToGroupAsync(groupName, Encode(new InvocationMessage(methodName, args)), excludedConnectionIds ?? [], cancellationToken);
    }

    /// <inheritdoc/>
    public override Task SendGroupsAsync(IReadOnlyList<string> groupNames, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(groupNames);
        var payload = Encode(new InvocationMessage(methodName, args));
        return Task.WhenAll(groupNames.Where(g => !string.IsNullOrEmpty(g)).Select(g => SendToGroupAsync(g, payload, [], cancellationToken)));
    }

    /// <inheritdoc/>
    public override Task SendConnectionAsync(string connectionId, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        var invocation = new InvocationMessage(methodName, args);
        if (_connections.Find(connectionId) is { } local)
        {
            // Who writes a lot to one connection waits for it; nobody else does.
            return local.SendAsync(OutgoingMessage.For(local.Context, invocation)).WaitAsync(cancellationToken);
        }

        return _bus.PublishAsync(
            AllChannel, new BackplaneMessage { Kind = BackplaneKind.Connections, From = _node, Ids = [connectionId], Payload = Encode(invocation) }, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task SendConnectionsAsync(IReadOnlyList<string> connectionIds, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connectionIds);
        var payload = Encode(new InvocationMessage(methodName, args));
        var message = new BackplaneMessage { Kind = BackplaneKind.Connections, From = _node, Ids = [.. connectionIds.Distinct(StringComparer.Ordinal)], Payload = payload };
        Deliver(message);
        string[] elsewhere = [.. message.Ids.Where(id => _connections.Find(id) is null)];
        return elsewhere.Length == 0 ? Task.CompletedTask : _bus.PublishAsync(AllChannel, message with { Ids = elsewhere }, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task SendUserAsync(string userId, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userId);
        return SendUsersAsync([userId], methodName, args, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task SendUsersAsync(IReadOnlyList<string> userIds, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        string[] users = [.. userIds.Where(u => !string.IsNullOrEmpty(u)).Distinct(StringComparer.Ordinal)];
        if (users.Length == 0)
        {
            return Task.CompletedTask;
        }

        var message = new BackplaneMessage { Kind = BackplaneKind.Users, From = _node, Ids = users, Payload = Encode(new InvocationMessage(methodName, args)) };
        Deliver(message);
        return _bus.PublishAsync(AllChannel, message, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">No node answered in time that the connection is one of its own.</exception>
    public override Task AddToGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        ArgumentNullException.ThrowIfNull(groupName);
        return _connections.Find(connectionId) is { } local
            ? _groups.JoinAsync(local, groupName).WaitAsync(cancellationToken)
            : ChangeGroupElsewhereAsync(BackplaneKind.Join, connectionId, groupName, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">No node answered in time that the connection is one of its own.</exception>
    public override Task RemoveFromGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        ArgumentNullException.ThrowIfNull(groupName);
        return _connections.Find(connectionId) is { } local
            ? _groups.LeaveAsync(local, groupName).WaitAsync(cancellationToken)
            : ChangeGroupElsewhereAsync(BackplaneKind.Leave, connectionId, groupName, cancellationToken);
    }

    /// <inheritdoc/>
    public override bool TryGetReturnType(string invocationId, [NotNullWhen(true)] out Type? type) => _results.TryGetType(invocationId, out type);

    /// <inheritdoc/>
    public override Task SetConnectionResultAsync(string connectionId, CompletionMessage result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _results.Complete(connectionId, result);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _listening;
        await Task.WhenAll(_bus.StopListeningAsync(AllChannel), _bus.StopListeningAsync(_keys.BackplaneNode(_hub, _node)), _groups.StopAsync());
        await _bus.DisposeAsync();
    }

    private Task SendToGroupAsync(string group, IReadOnlyList<SerializedMessage> payload, IReadOnlyList<string> excluded, CancellationToken cancellationToken)
    {
        var message = new BackplaneMessage { Kind = BackplaneKind.Group, From = _node, Group = group, Ids = excluded, Payload = payload };
        Deliver(message);
        return _bus.PublishAsync(_keys.BackplaneGroup(_hub, group), message, cancellationToken);
    }

    private async Task ChangeGroupElsewhereAsync(BackplaneKind change, string connectionId, string group, CancellationToken cancellationToken)
    {
        // The answer would be missed.
        await _listening.WaitAsync(cancellationToken);
        var request = NextRequest();
        var message = new BackplaneMessage { Kind = change, From = _node, Request = request, Ids = [connectionId], Group = group };
        _ = await _answers.AskAsync(request, () => _bus.PublishAsync(AllChannel, message, cancellationToken), _options.AnswerTimeout, cancellationToken)
            ?? throw new IOException($"Connection '{connectionId}' does not exist, or its node did not answer in time.");
    }

    private string NextRequest() => string.Create(CultureInfo.InvariantCulture, $"{_node}-{Interlocked.Increment(ref _lastRequest)}");

    private List<SerializedMessage> Encode(HubMessage message) => [.. _protocols.AllProtocols.Select(p => new SerializedMessage(p.Name, p.GetMessageBytes(message)))];

    private void Watch()
    {
        foreach (var connection in _connections)
        {
            if (connection.CloseIfStalled())
            {
                BackplaneLog.Stalled(_logger, connection.Id);
            }
        }

        _results.DropAbandoned(_time, (_options.ProbeInterval * 3) + _options.AnswerTimeout);
    }
}
