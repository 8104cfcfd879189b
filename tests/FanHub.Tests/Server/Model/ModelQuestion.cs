using System.Text.Json.Nodes;
using FanHub.Contracts;

namespace FanHub.Tests.Server.Model;

/// <summary>What an editor sends of a poll or a prediction.</summary>
internal sealed record QuestionDraft(JsonObject Body, bool IsWrong, DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt) : Draft(Body, IsWrong, OpensAt)
{
    public IReadOnlyList<string> OptionIds => [.. Body["options"]!.AsArray().Select(o => o!["id"]!.GetValue<string>())];
}

/// <summary>A decision on how a prediction ended.</summary>
/// <param name="Correct">The correct outcomes, in the order of the options.</param>
/// <param name="IsVoid">Whether it counts for nothing.</param>
/// <param name="At">When it was decided.</param>
internal sealed record ModelSettlement(IReadOnlyList<string> Correct, bool IsVoid, DateTimeOffset At);

/// <summary>A poll, or a prediction.</summary>
internal sealed class ModelQuestion : ModelEntity
{
    private readonly bool _isPrediction;
    private JsonObject _body = [];
    private DateTimeOffset? _opensAt;
    private DateTimeOffset? _closesAt;
    private JsonObject? _result;

    public ModelQuestion(string channel, string id, bool isPrediction, QuestionDraft draft)
        : base(channel, id)
    {
        _isPrediction = isPrediction;
        Take(draft);
    }

    public ModelBox Box { get; private set; } = null!;

    public List<ModelSettlement> Settlements { get; } = [];

    public override bool IsOpen => State == "open";

    /// <summary>Whether the running count is sent out while it is open.</summary>
    public bool CountsInPublic => Visibility is "live" or "after_vote";

    public int Points => Number("points", _isPrediction ? 100 : 0);

    private string Kind => _isPrediction ? "prediction" : "poll";

    private string Visibility => (string?)_body["visibility"] ?? "live";

    private int LateWindowMs => Number("lateWindowMs", 0);

    private bool IsChangeable => (bool?)_body["changeable"] ?? false;

    public override string? NextStep(Random random) => State switch
    {
        "draft" or "scheduled" => "open",
        "open" => _isPrediction ? "lock" : "close",
        "closed" => _isPrediction ? "settle" : "reveal",
        "settled" => random.Next(3) == 0 ? "void" : "settle",
        "void" => "settle",
        _ => null,
    };

    public override string[] Do(string step, DateTimeOffset now) => step switch
    {
        "open" => Open(now),
        "close" or "lock" => IsOpen ? Close(now) : Outcome.Conflict,
        "reveal" => From(now, "revealed", "closed"),
        "cancel" => From(now, "cancelled", "draft", "scheduled", "open", "closed"),
        "revoke" => IsPublished ? From(now, "revoked", "open", "closed", "revealed", "settled", "void", "cancelled") : Outcome.Conflict,
        "void" => Decide(new ModelSettlement([], IsVoid: true, now), "void", "closed", "settled"),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "No such step."),
    };

    /// <summary>Says how a prediction ended.</summary>
    /// <param name="correct">The correct outcomes; null where the body lacks them.</param>
    /// <param name="now">The time.</param>
    /// <param name="editor">The number under which the editor takes part; null where that is not known.</param>
    public string[] Settle(IReadOnlyList<string>? correct, DateTimeOffset now, long? editor)
    {
        var mistakes = new List<string>();
        if (editor is { } fan && Box.Ballots.ContainsKey(fan))
        {
            mistakes.Add(ErrorCodes.Forbidden);
        }

        if (correct is null || correct.Except(Box.Options).Any())
        {
            mistakes.Add(ErrorCodes.Invalid);
        }

        if (State is not ("closed" or "settled" or "void"))
        {
            mistakes.Add(ErrorCodes.Conflict);
        }

        return mistakes.Count > 0 ? [.. mistakes]
            : IsSettledAs(correct) ? Outcome.Done
            : Decide(new ModelSettlement([.. Box.Options.Where(correct!.Contains)], IsVoid: false, now), "settled", "closed", "settled", "void");
    }

    /// <summary>Whether it is settled so: saying it again changes nothing.</summary>
    public bool IsSettledAs(IReadOnlyList<string>? correct) => State == "settled" && correct is not null && Settlements[^1].Correct.SequenceEqual(Box.Options.Where(correct.Contains), StringComparer.Ordinal);

    /// <summary>Makes it void.</summary>
    public string[] Void(DateTimeOffset now, long? editor) =>
        editor is { } fan && Box.Ballots.ContainsKey(fan) ? [ErrorCodes.Forbidden, .. (string[])(State is "closed" or "settled" ? [] : Outcome.Conflict)] : Do("void", now);

    public string[] Cast(long fan, IReadOnlyList<string> choices, string submission, long delayMs, DateTimeOffset now) =>
        !IsPublished ? Outcome.NotOpen
        : State == "revoked" ? Outcome.Closed
        : [Box.Cast(fan, choices, submission, delayMs, now, new ModelWindow(IsOpen, _closesAt, LateWindowMs, TimeSpan.Zero))];

    public override bool Tick(DateTimeOffset now)
    {
        if (State == "scheduled" && _opensAt <= now)
        {
            // At the planned moment, however late the clock is.
            Open(_opensAt.Value, now);
            Tick(now);
            return true;
        }

        if (IsOpen && _closesAt + TimeSpan.FromMilliseconds(LateWindowMs) + Grace <= now)
        {
            Close(now);
            return true;
        }

        return false;
    }

    public override JsonObject View() => new()
    {
        ["id"] = Id,
        ["channel"] = Channel,
        ["state"] = State,
        ["version"] = Version,
        ["title"] = _body["title"]!.DeepClone(),
        ["options"] = _body["options"]!.DeepClone(),
        ["maxChoices"] = Box.MaxChoices,
        ["changeable"] = IsChangeable,
        ["visibility"] = Visibility,
        ["opensAt"] = Ms(_opensAt),
        ["closesAt"] = Ms(_closesAt),
        ["seconds"] = _body["seconds"]?.DeepClone(),
        ["lateWindowMs"] = LateWindowMs,
        ["result"] = _result?.DeepClone(),
        ["points"] = _isPrediction ? Points : null,
        ["unit"] = _body["unit"]?.DeepClone(),
        ["settlements"] = !_isPrediction ? null
            : new JsonArray([.. Settlements.Select((s, i) => new JsonObject { ["number"] = i + 1, ["correct"] = Names(s.Correct), ["void"] = s.IsVoid, ["at"] = s.At.ToUnixTimeMilliseconds() })]),
    };

    public override IEnumerable<Shown> ShownTo(long fan, string lang)
    {
        if (!IsPublished || State == "revoked")
        {
            yield break;
        }

        yield return new Shown($"{Kind}:{Id}", Item(lang), ItemAt, Version);
        var voted = Box.Ballots.ContainsKey(fan);
        var counted = (State, Visibility) switch
        {
            (_, "never") or ("cancelled", _) => false,
            ("open", "after_close") => false,
            ("open" or "closed", "after_vote") => voted,
            _ => true,
        };
        if (counted)
        {
            yield return new Shown($"tally:{Id}", Box.Tally(Id, final: !IsOpen), Optional: IsOpen && Box.Ballots.Count == 0);
        }
    }

    public override (ModelBallot Ballot, IReadOnlyList<string> Options, string? Question)? BallotOf(long fan) =>
        IsPublished && State != "revoked" && Box.Ballots.TryGetValue(fan, out var ballot) ? (ballot, Box.Options, null) : null;

    protected override void Take(Draft draft)
    {
        var question = (QuestionDraft)draft;
        _body = question.Body;
        _opensAt = question.OpensAt;
        _closesAt = question.ClosesAt;
        Box = new ModelBox(question.OptionIds, Number("maxChoices", 1), IsChangeable);
    }

    private string[] Open(DateTimeOffset now)
    {
        if (State is not ("draft" or "scheduled"))
        {
            return Outcome.Conflict;
        }

        if (State == "draft" && _opensAt > now)
        {
            State = "scheduled";
            return Outcome.Done;
        }

        // It would close before it opens.
        return _closesAt <= now ? Outcome.Conflict : Open(now, now);
    }

    private string[] Open(DateTimeOffset opensAt, DateTimeOffset now)
    {
        (State, _opensAt, ItemAt, IsPublished) = ("open", opensAt, opensAt, true);
        _closesAt ??= _body["seconds"] is { } seconds ? opensAt.AddSeconds((int)seconds) : null;
        return now < opensAt ? throw new InvalidOperationException("Too early.") : Outcome.Done;
    }

    private string[] Close(DateTimeOffset now)
    {
        var closedAt = _closesAt < now ? _closesAt.Value : now;
        (State, _closesAt, ItemAt) = ("closed", closedAt, closedAt);
        _result = Box.Certify(_opensAt!.Value, closedAt);
        return Outcome.Done;
    }

    private string[] Decide(ModelSettlement settlement, string to, params ReadOnlySpan<string> from)
    {
        var outcome = From(settlement.At, to, from);
        if (outcome == Outcome.Done)
        {
            Settlements.Add(settlement);
        }

        return outcome;
    }

    private JsonObject Item(string lang)
    {
        var item = new JsonObject
        {
            ["id"] = Id,
            ["state"] = State,
            ["title"] = TextIn(_body["title"]!, lang),
            ["lang"] = lang,
            ["options"] = new JsonArray([.. _body["options"]!.AsArray().Select(o => new JsonObject { ["id"] = o!["id"]!.DeepClone(), ["label"] = TextIn(o["label"]!, lang) })]),
            ["maxChoices"] = Box.MaxChoices,
            ["changeable"] = IsChangeable,
            ["visibility"] = Visibility,
            ["opensAt"] = Ms(_opensAt),
        };
        Add("closesAt", Ms(_closesAt));
        Add("lateWindowMs", LateWindowMs > 0 ? LateWindowMs : null);
        Add("tally", IsRevealed ? Box.Tally(Id, final: true) : null);
        if (_isPrediction)
        {
            Add("points", Points);
            Add("unit", _body["unit"]?.DeepClone());
            Add("correct", State == "settled" ? Names(Settlements[^1].Correct) : null);
            Add("settlement", Settlements.Count > 0 ? Settlements.Count : null);
        }

        return item;

        void Add(string name, JsonNode? value)
        {
            if (value is not null)
            {
                item[name] = value;
            }
        }
    }

    // Whether everybody may see the final count.
    private bool IsRevealed => State switch
    {
        "closed" => Visibility is "live" or "after_close",
        "revealed" or "settled" or "void" => Visibility != "never",
        _ => false,
    };

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(n => (JsonNode)n)];

    private int Number(string name, int otherwise) => (int?)_body[name] ?? otherwise;
}
