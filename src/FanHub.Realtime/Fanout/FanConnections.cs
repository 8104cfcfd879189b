using System.Collections.Concurrent;
using FanHub.Contracts;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FanHub.Realtime.Fanout;

/// <summary>All connections of this node; looks after those that stopped reading, or whose session has ended, with one timer for all.</summary>
public sealed class FanConnections(IOptions<FanoutOptions> options, TimeProvider time) : BackgroundService
{
    private readonly ConcurrentDictionary<string, FanConnection> _connections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, FanConnection>> _byFan = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _connections.Count;

    /// <summary>This node's connections of one fan.</summary>
    public IEnumerable<FanConnection> Of(string fan) => _byFan.TryGetValue(fan, out var connections) ? connections.Values : [];

    /// <summary>Tells everybody on this node.</summary>
    public void SendAll(Notice notice)
    {
        var frame = Frame.Notice(notice);
        foreach (var connection in _connections.Values)
        {
            connection.Send(frame);
        }
    }

    /// <summary>Tells everybody on this node, each something else.</summary>
    public void SendEach(Func<Notice> notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        foreach (var connection in _connections.Values)
        {
            connection.Send(Frame.Notice(notice()));
        }
    }

    internal FanConnection Add(HubConnectionContext context)
    {
        var connection = new FanConnection(context, options.Value, time);
        _connections[connection.Id] = connection;
        if (connection.Fan is { } fan)
        {
            _byFan.GetOrAdd(fan, static _ => new(StringComparer.Ordinal))[connection.Id] = connection;
        }

        return connection;
    }

    internal void Remove(FanConnection connection)
    {
        connection.Disconnected();
        _connections.TryRemove(connection.Id, out _);
        if (connection.Fan is { } fan && _byFan.TryGetValue(fan, out var connections))
        {
            connections.TryRemove(connection.Id, out _);
            if (connections.IsEmpty)
            {
                // A connection that comes at this very moment may be missed here; it only loses the shortcut to its siblings.
                _byFan.TryRemove(new(fan, connections));
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var connection in _connections.Values)
            {
                connection.CloseIfStalled();
                connection.CloseIfExpired();
            }
        }
    }
}
