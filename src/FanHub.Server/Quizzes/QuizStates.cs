using System.Text.Json.Serialization;

namespace FanHub.Server.Quizzes;

/// <summary>A quiz's life as editors see it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuizState>))]
internal enum QuizState
{
    /// <summary>Being written.</summary>
    [JsonStringEnumMemberName("draft")]
    Draft,

    /// <summary>Starts by itself at its time.</summary>
    [JsonStringEnumMemberName("scheduled")]
    Scheduled,

    /// <summary>Questions come, one after the other.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>The leaderboard is final.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,

    /// <summary>Called off.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>Taken away from every fan.</summary>
    [JsonStringEnumMemberName("revoked")]
    Revoked,
}

/// <summary>The life of one of its questions.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuizQuestionState>))]
internal enum QuizQuestionState
{
    /// <summary>Not asked yet; no fan has seen anything of it.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Takes answers.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Sealed and counted.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>What was correct is shown, and counts.</summary>
    [JsonStringEnumMemberName("revealed")]
    Revealed,
}

/// <summary>States by the names that the API gives them.</summary>
internal static class QuizStates
{
    private static readonly Dictionary<string, QuizState> ByName = Enum.GetValues<QuizState>().ToDictionary(Name, StringComparer.Ordinal);

    /// <summary>The names, in the order of a quiz's life.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>The state's name.</summary>
    public static string Name(QuizState state) => state.ToString().ToLowerInvariant();

    /// <summary>The state's name.</summary>
    public static string Name(QuizQuestionState state) => state.ToString().ToLowerInvariant();

    /// <summary>The state of that name; null where there is none.</summary>
    public static QuizState? Find(string name) => ByName.TryGetValue(name, out var state) ? state : null;
}
