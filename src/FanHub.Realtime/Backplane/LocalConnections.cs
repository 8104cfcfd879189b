using System.Collections;
using System.Collections.Concurrent;

namespace FanHub.Realtime.Backplane;

/// <summary>The connections of this node, by id and by user.</summary>
internal sealed class LocalConnections : IEnumerable<LocalConnection>
{
    private readonly ConcurrentDictionary<string, LocalConnection> _byId = new(StringComparer.Ordinal);
    // The first connection of each user; the others hang on it. Most users have one, and a list for each would cost more than all the rest.
    private readonly Dictionary<string, LocalConnection> _byUser = new(StringComparer.Ordinal);
    private readonly Lock _users = new();

    public LocalConnection? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The user's connections at this moment.</summary>
    public IReadOnlyList<LocalConnection> OfUser(string user)
    {
        lock (_users)
        {
            if (!_byUser.TryGetValue(user, out var first))
            {
                return [];
            }

            var connections = new List<LocalConnection>();
            for (var connection = first; connection is not null; connection = connection.NextOfUser)
            {
                connections.Add(connection);
            }

            return connections;
        }
    }

    public void Add(LocalConnection connection)
    {
        _byId[connection.Id] = connection;
        if (connection.Context.UserIdentifier is { Length: > 0 } user)
        {
            lock (_users)
            {
                connection.NextOfUser = _byUser.GetValueOrDefault(user);
                _byUser[user] = connection;
            }
        }
    }

    /// <summary>Takes a connection out.</summary>
    /// <returns>What was known of it, or null.</returns>
    public LocalConnection? Remove(string id)
    {
        if (!_byId.TryRemove(id, out var connection))
        {
            return null;
        }

        if (connection.Context.UserIdentifier is { Length: > 0 } user)
        {
            lock (_users)
            {
                RemoveFromUser(user, connection);
            }
        }

        return connection;
    }

    /// <inheritdoc/>
    public IEnumerator<LocalConnection> GetEnumerator()
    {
        foreach (var (_, connection) in _byId)
        {
            yield return connection;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void RemoveFromUser(string user, LocalConnection connection)
    {
        if (!_byUser.TryGetValue(user, out var current))
        {
            return;
        }

        if (current == connection)
        {
            if (connection.NextOfUser is { } next)
            {
                _byUser[user] = next;
            }
            else
            {
                _byUser.Remove(user);
            }

            return;
        }

        for (; current.NextOfUser is { } next; current = next)
        {
            if (next == connection)
            {
                current.NextOfUser = connection.NextOfUser;
                return;
            }
        }
    }
}
