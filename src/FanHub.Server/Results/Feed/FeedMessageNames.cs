using System.Text.Json;
using FanHub.Server.Hosting;

namespace FanHub.Server.Results.Feed;

/// <summary>States and outcomes by the names that the API gives them: <c>waiting</c>, <c>precondition_failed</c>.</summary>
internal static class FeedMessageNames
{
    private static readonly Dictionary<string, FeedMessageState> States = ByName<FeedMessageState>();
    private static readonly Dictionary<string, FeedOutcome> Outcomes = ByName<FeedOutcome>();

    /// <summary>The state's name.</summary>
    public static string Name(FeedMessageState state) => NameOf(state);

    /// <summary>The outcome's name.</summary>
    public static string Name(FeedOutcome outcome) => NameOf(outcome);

    /// <summary>The state of that name; null where none is asked for.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>: there is none.</exception>
    public static FeedMessageState? State(string? name) => Find(States, "state", name);

    /// <summary>The outcome of that name; null where none is asked for.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>: there is none.</exception>
    public static FeedOutcome? Outcome(string? name) => Find(Outcomes, "outcome", name);

    private static T? Find<T>(Dictionary<string, T> byName, string field, string? name)
        where T : struct
    {
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        return byName.TryGetValue(name, out var found) ? found : throw FieldErrors.Single(field, $"has to be one of {string.Join(", ", byName.Keys)}");
    }

    private static Dictionary<string, T> ByName<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(NameOf, StringComparer.Ordinal);

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
