using System.Text.Json.Nodes;
using FanHub.Contracts;

namespace FanHub.Tests.Server.Model;

/// <summary>A fan's ballot.</summary>
/// <param name="Choices">Places of the options chosen, in order.</param>
/// <param name="Submission">The client's id of it.</param>
/// <param name="At">When it came.</param>
/// <param name="CreditMs">How far the fan's video was behind, as far as the editor allows for it.</param>
internal sealed record ModelBallot(IReadOnlyList<int> Choices, string Submission, DateTimeOffset At, long CreditMs)
{
    /// <summary>What the fan got for it.</summary>
    public string? Receipt { get; set; }
}

/// <summary>A window as it stands for one fan.</summary>
/// <param name="IsOpen">Whether the question is open.</param>
/// <param name="ClosesAt">When it closes; null while nobody has said.</param>
/// <param name="LateWindowMs">How much later ballots behind a delayed video count.</param>
/// <param name="Extra">How much longer it is open for this fan.</param>
internal readonly record struct ModelWindow(bool IsOpen, DateTimeOffset? ClosesAt, long LateWindowMs, TimeSpan Extra);

/// <summary>Ballots, one a fan, and the record of all that were sent.</summary>
internal sealed class ModelBox(IReadOnlyList<string> options, int maxChoices, bool changeable)
{
    public Dictionary<long, ModelBallot> Ballots { get; } = [];

    public IReadOnlyList<string> Options => options;

    public int MaxChoices => maxChoices;

    public long Changed { get; private set; }

    public long Repeated { get; private set; }

    public long Late { get; private set; }

    public long Refused { get; private set; }

    public IEnumerable<long> Counts => options.Select((_, o) => (long)Ballots.Values.Count(b => b.Choices.Contains(o)));

    /// <summary>Takes a ballot, or refuses it. What is wrong with a ballot itself is told before how late it is.</summary>
    public string Cast(long fan, IReadOnlyList<string> choices, string submission, long delayMs, DateTimeOffset now, ModelWindow window)
    {
        var places = choices.Select(c => options.ToList().IndexOf(c)).Order().ToList();
        if (places.Contains(-1) || places.Count > maxChoices)
        {
            Refused++;
            return places.Contains(-1) ? ErrorCodes.UnknownChoice : ErrorCodes.TooManyChoices;
        }

        var credit = Math.Min(delayMs, window.LateWindowMs);
        var inTime = window.IsOpen && !(now > window.ClosesAt + ModelEntity.Grace + window.Extra + TimeSpan.FromMilliseconds(credit));
        var held = Ballots.GetValueOrDefault(fan);
        if (held is not null && held.Submission == submission && held.Choices.SequenceEqual(places))
        {
            // To send again what is in is no second ballot, and is always answered.
            Repeated += inTime ? 1 : 0;
            return "repeated";
        }

        if (!inTime)
        {
            Late++;
            return ErrorCodes.Closed;
        }

        if (held is not null && !changeable)
        {
            Refused++;
            return ErrorCodes.AlreadyVoted;
        }

        Changed += held is null ? 0 : 1;
        Ballots[fan] = new ModelBallot(places, submission, now, credit);
        return held is null ? "accepted" : "changed";
    }

    /// <summary>The count as fans are sent it.</summary>
    public JsonObject Tally(string of, bool final) => new() { ["of"] = of, ["counts"] = CountsById(), ["ballots"] = Ballots.Count, ["final"] = final };

    /// <summary>The certified result as editors see it. What it says of refusals is as of now: it has to be taken when the box is sealed.</summary>
    public JsonObject Certify(DateTimeOffset opensAt, DateTimeOffset closedAt) => new()
    {
        ["counts"] = CountsById(),
        ["ballots"] = Ballots.Count,
        ["accepted"] = Ballots.Count,
        ["changed"] = Changed,
        ["repeated"] = Repeated,
        ["late"] = Late,
        ["refused"] = Refused,
        ["openedAt"] = opensAt.ToUnixTimeMilliseconds(),
        ["closedAt"] = closedAt.ToUnixTimeMilliseconds(),
        ["mismatch"] = null,
    };

    private JsonObject CountsById() => new(options.Zip(Counts, (o, c) => KeyValuePair.Create<string, JsonNode?>(o, c)));
}
