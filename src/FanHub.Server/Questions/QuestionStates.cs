using System.Text.Json.Serialization;

namespace FanHub.Server.Questions;

/// <summary>The life of something that fans answer, as editors see it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuestionState>))]
internal enum QuestionState
{
    /// <summary>Being written.</summary>
    [JsonStringEnumMemberName("draft")]
    Draft,

    /// <summary>Opens by itself at its time.</summary>
    [JsonStringEnumMemberName("scheduled")]
    Scheduled,

    /// <summary>Takes ballots.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Sealed and counted; a prediction is locked.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>A poll's result is shown.</summary>
    [JsonStringEnumMemberName("revealed")]
    Revealed,

    /// <summary>A prediction's outcome is known, and points are given.</summary>
    [JsonStringEnumMemberName("settled")]
    Settled,

    /// <summary>A prediction that counts for nothing.</summary>
    [JsonStringEnumMemberName("void")]
    Void,

    /// <summary>Called off.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>Taken away from every fan.</summary>
    [JsonStringEnumMemberName("revoked")]
    Revoked,
}

/// <summary>States by the names that the API gives them.</summary>
internal static class QuestionStates
{
    private static readonly Dictionary<string, QuestionState> ByName = Enum.GetValues<QuestionState>().ToDictionary(Name, StringComparer.Ordinal);

    /// <summary>The state's name.</summary>
    public static string Name(QuestionState state) => state switch
    {
        QuestionState.Draft => "draft",
        QuestionState.Scheduled => "scheduled",
        QuestionState.Open => "open",
        QuestionState.Closed => "closed",
        QuestionState.Revealed => "revealed",
        QuestionState.Settled => "settled",
        QuestionState.Void => "void",
        QuestionState.Cancelled => "cancelled",
        QuestionState.Revoked => "revoked",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    /// <summary>The state of that name; null where there is none.</summary>
    public static QuestionState? Find(string name) => ByName.TryGetValue(name, out var state) ? state : null;
}
