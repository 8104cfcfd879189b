namespace FanHub.Server.Results.Rehearsals;

/// <summary>How far a rehearsal has come.</summary>
internal enum RehearsalState
{
    /// <summary>It plays.</summary>
    Running,

    /// <summary>All of it was played.</summary>
    Finished,

    /// <summary>An editor stopped it.</summary>
    Stopped,

    /// <summary>It broke, or the node that played it is gone; <see cref="Rehearsal.Error"/> says which.</summary>
    Failed,
}

/// <summary>A feed that is played once more, on channels of its own.</summary>
internal sealed class Rehearsal
{
    /// <summary>Its id, which nobody can guess: its channels are named after it.</summary>
    public required string Id { get; init; }

    /// <summary>What an editor calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The folder that it is played from; null: from stored messages.</summary>
    public string? Folder { get; init; }

    /// <summary>Stored messages from this moment on; null: from the first one.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Stored messages before this moment; null: to the last one.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>How many times faster than it was; 0: as fast as it goes.</summary>
    public required double Speed { get; init; }

    /// <summary>How long it waits between two messages at most, in ms.</summary>
    public required int MaxPauseMs { get; init; }

    /// <summary>How far it has come.</summary>
    public RehearsalState State { get; set; }

    /// <summary>How many messages it has.</summary>
    public int Messages { get; set; }

    /// <summary>How many of them were played.</summary>
    public int Played { get; set; }

    /// <summary>How many of them could not be read.</summary>
    public int Unreadable { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; set; }

    /// <summary>Set when an editor wants it to stop; the node that plays it looks.</summary>
    public bool StopAsked { get; set; }

    /// <summary>Set when an editor wants it gone, with everything that it shows.</summary>
    public bool RemovalAsked { get; set; }

    /// <summary>The channels that it has shown something on.</summary>
    public List<string> Channels { get; set; } = [];

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the node that plays it last said that it does.</summary>
    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>What the names of its channels begin with.</summary>
    public string Prefix => $"rehearsal.{Id}.";
}
