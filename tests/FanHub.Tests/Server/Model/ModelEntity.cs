using System.Text.Json.Nodes;
using FanHub.Contracts;

namespace FanHub.Tests.Server.Model;

/// <summary>What may come of a request: codes of the API's one table, or <see cref="Ok"/>. Several where the rules leave open which of two mistakes is told first.</summary>
internal static class Outcome
{
    public const string Ok = "ok";

    public static readonly string[] Done = [Ok];

    public static readonly string[] Conflict = [ErrorCodes.Conflict];

    public static readonly string[] NotFound = [ErrorCodes.NotFound];

    public static readonly string[] NotOpen = [ErrorCodes.NotOpen];

    public static readonly string[] Closed = [ErrorCodes.Closed];

    public static readonly string[] Invalid = [ErrorCodes.Invalid];
}

/// <summary>What an editor sends, and what is to be thought of it.</summary>
/// <param name="Body">The body of <c>POST</c> and <c>PUT</c>.</param>
/// <param name="IsWrong">Whether it breaks a rule.</param>
/// <param name="OpensAt">When it is to open.</param>
internal abstract record Draft(JsonObject Body, bool IsWrong, DateTimeOffset? OpensAt);

/// <summary>An item that a fan is to see.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Data">All of its data. Moments are in Unix milliseconds.</param>
/// <param name="At">When it became true; null where that is not compared.</param>
/// <param name="Version">Its version; null where that is the server's own affair.</param>
/// <param name="Optional">Whether it may be missing.</param>
internal sealed record Shown(string Key, JsonObject Data, DateTimeOffset? At = null, long? Version = null, bool Optional = false);

/// <summary>What fans answer, as the rules have it: states, windows, ballots. Nothing here knows how the server does it.</summary>
internal abstract class ModelEntity(string channel, string id)
{
    /// <summary>For the time that a ballot spends on the network.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    public string Channel => channel;

    public string Id => id;

    public string State { get; protected set; } = "draft";

    /// <summary>What the server said last: it grows with every change.</summary>
    public long Version { get; set; } = 1;

    /// <summary>Whether fans have seen it.</summary>
    public bool IsPublished { get; protected set; }

    /// <summary>Whether it takes ballots now, from some fan at least.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>When its item became what it is.</summary>
    protected DateTimeOffset ItemAt { get; set; }

    /// <summary>Replaces what was written.</summary>
    public string[] Edit(Draft draft)
    {
        var editable = State is "draft" or "scheduled";
        var wrong = draft.IsWrong || (State == "scheduled" && draft.OpensAt is null);
        if (!editable || wrong)
        {
            return [.. (string[])(editable ? [] : Outcome.Conflict), .. (string[])(wrong ? Outcome.Invalid : [])];
        }

        Take(draft);
        return Outcome.Done;
    }

    /// <summary>The step that leads on from here, if there is one.</summary>
    public abstract string? NextStep(Random random);

    /// <summary>Takes a step.</summary>
    public abstract string[] Do(string step, DateTimeOffset now);

    /// <summary>Does what is due.</summary>
    /// <returns>Whether anything was.</returns>
    public abstract bool Tick(DateTimeOffset now);

    /// <summary>What an editor sees of it. Members that are null have to be absent; those that are not named may be anything.</summary>
    public abstract JsonObject View();

    /// <summary>What a fan is to see of it.</summary>
    public abstract IEnumerable<Shown> ShownTo(long fan, string lang);

    /// <summary>The ballot that <c>Mine</c> tells the fan of, and of which question.</summary>
    public abstract (ModelBallot Ballot, IReadOnlyList<string> Options, string? Question)? BallotOf(long fan);

    protected abstract void Take(Draft draft);

    protected string[] From(DateTimeOffset now, string to, params ReadOnlySpan<string> states)
    {
        if (!states.Contains(State))
        {
            return Outcome.Conflict;
        }

        State = to;
        ItemAt = now;
        return Outcome.Done;
    }

    protected static long? Ms(DateTimeOffset? moment) => moment?.ToUnixTimeMilliseconds();

    protected static JsonNode? TextIn(JsonNode texts, string lang) => texts[lang]!.DeepClone();
}
