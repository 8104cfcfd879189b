namespace FanHub.Server.Results.Rehearsals;

/// <summary>What an editor wants to see again: the body of <c>POST rehearsals</c>.</summary>
internal sealed record RehearsalBody
{
    /// <summary>What to call it; at most 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>A folder of messages (<c>*.xml</c>, <c>*.xml.gz</c>, played in the order of their names) below <c>FanHub:Odf:ReplayDirectory</c>; absent: messages that were stored.</summary>
    public string? Folder { get; init; }

    /// <summary>Of stored messages, those from this moment on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Of stored messages, those before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>How many times faster than it was, 0.1 to 10,000; 1 where absent. 0: as fast as it goes.</summary>
    public double? Speed { get; init; }

    /// <summary>The longest pause between two messages, in ms, 0 to an hour; 30,000 where absent: nobody wants to sit through the night.</summary>
    public int? MaxPauseMs { get; init; }
}

/// <summary>A rehearsal as editors see it.</summary>
internal sealed record RehearsalView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary><c>running</c>, <c>finished</c>, <c>stopped</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>What the names of its channels begin with: <c>rehearsal.{id}.medals</c>, <c>….schedule</c>, <c>….unit.{code}</c>, …</summary>
    public required string ChannelPrefix { get; init; }

    /// <summary>How many messages it has.</summary>
    public required int Messages { get; init; }

    /// <summary>How many of them were played.</summary>
    public required int Played { get; init; }

    /// <summary>How many of them could not be read.</summary>
    public required int Unreadable { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>How many times faster than it was; 0: as fast as it goes.</summary>
    public required double Speed { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The view.</summary>
    public static RehearsalView Of(Rehearsal rehearsal) => new()
    {
        Id = rehearsal.Id,
        Name = rehearsal.Name,
        State = rehearsal.State.ToString().ToLowerInvariant(),
        ChannelPrefix = rehearsal.Prefix,
        Messages = rehearsal.Messages,
        Played = rehearsal.Played,
        Unreadable = rehearsal.Unreadable,
        Error = rehearsal.Error,
        Speed = rehearsal.Speed,
        CreatedAt = rehearsal.CreatedAt,
    };
}
