namespace FanHub.Server.Polls;

/// <summary>States by the names that the API gives them.</summary>
internal static class PollStates
{
    private static readonly Dictionary<string, PollState> ByName = Enum.GetValues<PollState>().ToDictionary(Name, StringComparer.Ordinal);

    /// <summary>The names, in the order of a poll's life.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>The state's name.</summary>
    public static string Name(PollState state) => state switch
    {
        PollState.Draft => "draft",
        PollState.Scheduled => "scheduled",
        PollState.Open => "open",
        PollState.Closed => "closed",
        PollState.Revealed => "revealed",
        PollState.Cancelled => "cancelled",
        PollState.Revoked => "revoked",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    /// <summary>The state of that name; null where there is none.</summary>
    public static PollState? Find(string name) => ByName.TryGetValue(name, out var state) ? state : null;
}
