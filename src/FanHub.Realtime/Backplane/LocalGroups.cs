using System.Collections.Concurrent;

namespace FanHub.Realtime.Backplane;

/// <summary>The groups that connections of this node are in. This node listens to a group's channel from its first member here to its last.</summary>
/// <param name="listen">Starts listening. Bounded in time, and does not fail.</param>
/// <param name="stopListening">Stops listening. Bounded in time, and does not fail.</param>
internal sealed class LocalGroups(Func<string, Task> listen, Func<string, Task> stopListening)
{
    private readonly ConcurrentDictionary<string, LocalGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>The members here. Not copied: a group may have all connections of the node.</summary>
    public IEnumerable<LocalConnection> Members(string name) => _groups.TryGetValue(name, out var group) ? group.Members.Select(m => m.Value) : [];

    /// <summary>Adds a member; returns when messages to the group reach it.</summary>
    public Task JoinAsync(LocalConnection connection, string name)
    {
        if (!connection.AddGroup(name))
        {
            return _groups.TryGetValue(name, out var joined) ? joined.Listening : Task.CompletedTask;
        }

        while (true)
        {
            var group = _groups.GetOrAdd(name, static n => new LocalGroup(n));
            lock (group)
            {
                if (!group.Gone)
                {
                    group.Members[connection.Id] = connection;
                    if (!connection.IsIn(name))
                    {
                        // It left, or ended, since; and whoever took it out may have been here before it was put in.
                        group.Members.TryRemove(new(connection.Id, connection));
                    }

                    return Settle(group);
                }
            }
        }
    }

    /// <summary>Takes a member out. Harmless for who is none.</summary>
    public Task LeaveAsync(LocalConnection connection, string name) => connection.RemoveGroup(name) ? RemoveAsync(connection, name) : Task.CompletedTask;

    /// <summary>Takes out a connection that has ended, of a group that it has forgotten itself.</summary>
    public Task RemoveAsync(LocalConnection connection, string name)
    {
        if (!_groups.TryGetValue(name, out var group))
        {
            return Task.CompletedTask;
        }

        lock (group)
        {
            group.Members.TryRemove(new(connection.Id, connection));
            return group.Gone ? Task.CompletedTask : Settle(group);
        }
    }

    /// <summary>Stops listening to all of them.</summary>
    public Task StopAsync() => Task.WhenAll(_groups.Values.Select(group =>
    {
        lock (group)
        {
            group.Members.Clear();
            return Settle(group);
        }
    }));

    /// <summary>Under the group's lock: makes listening follow from having members, one step after another.</summary>
    private Task Settle(LocalGroup group)
    {
        var wanted = !group.Members.IsEmpty;
        if (group.Wanted != wanted)
        {
            group.Wanted = wanted;
            group.Listening = SettleAsync(group, group.Listening);
        }

        return group.Listening;
    }

    private async Task SettleAsync(LocalGroup group, Task before)
    {
        // Leaves the lock first, and keeps the order of steps.
        await Task.Yield();
        await before;
        bool wanted;
        lock (group)
        {
            wanted = group.Wanted;
        }

        if (wanted != group.Listens)
        {
            await (wanted ? listen(group.Name) : stopListening(group.Name));
            group.Listens = wanted;
        }

        lock (group)
        {
            if (!group.Listens && group.Members.IsEmpty)
            {
                group.Gone = true;
                _groups.TryRemove(new(group.Name, group));
            }
        }
    }

    private sealed class LocalGroup(string name)
    {
        public string Name => name;

        public ConcurrentDictionary<string, LocalConnection> Members { get; } = new(concurrencyLevel: 1, capacity: 4, StringComparer.Ordinal);

        /// <summary>Whether it should be listened to.</summary>
        public bool Wanted { get; set; }

        /// <summary>Whether it is; touched by one step after the other.</summary>
        public bool Listens { get; set; }

        /// <summary>True once it has been taken out of the table; whoever comes makes a new one.</summary>
        public bool Gone { get; set; }

        /// <summary>Ends when listening is as wanted.</summary>
        public Task Listening { get; set; } = Task.CompletedTask;
    }
}
