namespace FanHub.Contracts;

/// <summary>How many follow a channel, over all nodes: the <c>data</c> of <c>audience:{channel}</c>. A few seconds old at the most.</summary>
public sealed record AudienceItem
{
    /// <summary>Connections that follow the channel.</summary>
    public required int Followers { get; init; }

    /// <summary>How many of them asked for which language (its primary subtag, as <c>fr</c>); who asked for none is not in here.</summary>
    public required IReadOnlyDictionary<string, int> Languages { get; init; }
}
