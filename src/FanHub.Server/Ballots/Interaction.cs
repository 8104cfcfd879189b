using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Server.Ballots;

/// <summary>What a node must know of something that fans answer, read out of its public item: a fan node needs no database.</summary>
internal sealed class Interaction
{
    private readonly Dictionary<string, int> _indexes;

    private Interaction(string id, string channel, IReadOnlyList<string> options)
    {
        Id = id;
        Channel = channel;
        Options = options;
        _indexes = options.Select((option, index) => (option, index)).ToDictionary(o => o.option, o => o.index, StringComparer.Ordinal);
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>The channel that its item is in.</summary>
    public string Channel { get; }

    /// <summary>Option ids, in order.</summary>
    public IReadOnlyList<string> Options { get; }

    /// <summary>Where in its life it is.</summary>
    public required PublicState State { get; init; }

    /// <summary>How many options a ballot may name.</summary>
    public required int MaxChoices { get; init; }

    /// <summary>What the ballot box must know.</summary>
    public required BallotRules Rules { get; init; }

    /// <summary>Who may see the running count.</summary>
    public required TallyVisibility Visibility { get; init; }

    /// <summary>When it opened; ballots' times are counted from here.</summary>
    public required DateTimeOffset OpensAt { get; init; }

    /// <summary>When it closes; null while nobody has said.</summary>
    public required DateTimeOffset? ClosesAt { get; init; }

    /// <summary>The gate that its running count sits behind: its id where only voters may see it.</summary>
    public string? Gate => Visibility == TallyVisibility.AfterVote ? Id : null;

    /// <summary>Whether the running count is sent to fans while ballots come in.</summary>
    public bool CountsInPublic => State == PublicState.Open && Visibility is TallyVisibility.Live or TallyVisibility.AfterVote;

    /// <summary>Reads a poll's item.</summary>
    /// <param name="channel">The channel that it is in.</param>
    /// <param name="entry">The item.</param>
    public static Interaction FromPoll(string channel, LogEntry entry)
    {
        using var document = JsonDocument.Parse(entry.Item.Data);
        var poll = document.RootElement;
        var options = poll.GetProperty("options"u8).EnumerateArray().Select(o => o.GetProperty("id"u8).GetString()!).ToArray();
        var changeable = poll.GetProperty("changeable"u8).GetBoolean();
        return new Interaction(poll.GetProperty("id"u8).GetString()!, channel, options)
        {
            State = poll.GetProperty("state"u8).Deserialize<PublicState>(WireJson.Options),
            MaxChoices = poll.GetProperty("maxChoices"u8).GetInt32(),
            Rules = new BallotRules(options.Length, changeable),
            Visibility = poll.GetProperty("visibility"u8).Deserialize<TallyVisibility>(WireJson.Options),
            OpensAt = Time(poll, "opensAt"u8) ?? entry.Item.At,
            ClosesAt = Time(poll, "closesAt"u8),
        };
    }

    /// <summary>The choices as a set of bits, option 0 in the lowest.</summary>
    /// <exception cref="Hosting.FanHubException"><c>unknown_choice</c>, <c>too_many_choices</c>.</exception>
    public ulong Choose(IReadOnlyList<string> choices)
    {
        ulong chosen = 0;
        foreach (var choice in choices)
        {
            if (!_indexes.TryGetValue(choice, out var index))
            {
                throw new Hosting.FanHubException(ErrorCodes.UnknownChoice, "The ballot names an option that this poll does not have.");
            }

            chosen |= 1UL << index;
        }

        return System.Numerics.BitOperations.PopCount(chosen) <= MaxChoices
            ? chosen
            : throw new Hosting.FanHubException(ErrorCodes.TooManyChoices, $"A ballot may name {MaxChoices} of the options.");
    }

    /// <summary>The ids behind a set of bits.</summary>
    public IReadOnlyList<string> Names(ulong choices) => [.. Options.Where((_, index) => (choices >> index & 1) == 1)];

    private static DateTimeOffset? Time(JsonElement poll, ReadOnlySpan<byte> name) =>
        poll.TryGetProperty(name, out var time) && time.ValueKind == JsonValueKind.String ? time.GetDateTimeOffset() : null;
}
