using System.Text.Json.Nodes;

namespace FanHub.Tests.Server.Model;

/// <summary>What an editor sends of a quiz.</summary>
internal sealed record QuizDraft(JsonObject Body, bool IsWrong, DateTimeOffset? OpensAt) : Draft(Body, IsWrong, OpensAt);

/// <summary>One question of a quiz.</summary>
internal sealed class ModelQuizQuestion(JsonObject body)
{
    public JsonObject Body => body;

    public string Id => (string)body["id"]!;

    public string State { get; set; } = "pending";

    public DateTimeOffset? OpensAt { get; set; }

    public DateTimeOffset? ClosesAt { get; set; }

    public JsonObject? Result { get; set; }

    /// <summary>Whether nodes know no more of it than that it was open.</summary>
    public bool IsForgotten { get; set; }

    public ModelBox Box { get; } = new([.. body["options"]!.AsArray().Select(o => (string)o!["id"]!)], (int?)body["maxChoices"] ?? 1, changeable: false);

    public IReadOnlyList<string> Correct => [.. body["correct"]!.AsArray().Select(c => (string)c!)];

    public int Points => (int?)body["points"] ?? 1000;

    public int Seconds => (int)body["seconds"]!;

    /// <summary>Whether a ballot is right: by any correct option where one may be named, else by exactly the correct ones.</summary>
    public bool IsRight(ModelBallot ballot)
    {
        var named = ballot.Choices.Select(c => Box.Options[c]).ToHashSet();
        return Box.MaxChoices == 1 ? Correct.Any(named.Contains) : named.SetEquals(Correct);
    }
}

/// <summary>A quiz whose editor says when it goes on.</summary>
internal sealed class ModelQuiz : ModelEntity
{
    private JsonObject _body = [];
    private DateTimeOffset? _opensAt;
    private int _asked;

    public ModelQuiz(string channel, string id, QuizDraft draft)
        : base(channel, id) => Take(draft);

    public List<ModelQuizQuestion> Questions { get; private set; } = [];

    /// <summary>Who asked for more time, and when first.</summary>
    public Dictionary<long, DateTimeOffset> MoreTimeAsked { get; } = [];

    public string Scoring => (string?)_body["scoring"] ?? "speed";

    public int StreakBonus => (int?)_body["streakBonus"] ?? 0;

    public bool GivesMoreTime => (bool?)_body["moreTime"] ?? true;

    public ModelQuizQuestion? Current => _asked > 0 ? Questions[_asked - 1] : null;

    public override bool IsOpen => State == "running" && Current!.State == "open";

    private int LateWindowMs => (int?)_body["lateWindowMs"] ?? 0;

    public override string? NextStep(Random random) => State switch
    {
        "draft" or "scheduled" => "start",
        "running" => Pick(random, Current!.State == "open" ? ["close", "reveal", "next"] : Current.State == "closed" ? ["reveal", "reveal", "next"] : _asked < Questions.Count ? ["next"] : ["finish"]),
        _ => null,
    };

    public override string[] Do(string step, DateTimeOffset now)
    {
        switch (step)
        {
            case "start":
                return Start(now);
            case "cancel":
                return From(now, "cancelled", "draft", "scheduled", "running");
            case "revoke":
                return IsPublished ? From(now, "revoked", "running", "finished", "cancelled") : Outcome.Conflict;
        }

        var possible = State == "running" && (step switch
        {
            "close" => Current!.State == "open",
            "reveal" => Current!.State is "open" or "closed",
            "next" => _asked < Questions.Count,
            "finish" => true,
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "No such step."),
        });
        if (!possible)
        {
            return Outcome.Conflict;
        }

        if (Current!.State == "open")
        {
            Close(now);
        }

        if (step != "close" && Current.State == "closed")
        {
            (Current.State, ItemAt) = ("revealed", now);
        }

        if (step == "next")
        {
            Ask(now);
        }
        else if (step == "finish")
        {
            (State, ItemAt) = ("finished", now);
        }

        return Outcome.Done;
    }

    /// <summary>Channels are lost, and what a quiz has left behind with them.</summary>
    public void LoseChannels()
    {
        foreach (var question in Questions.Take(_asked - 1))
        {
            question.IsForgotten = true;
        }
    }

    /// <summary>A fan asks for double time.</summary>
    public string[] AskMoreTime(long fan, DateTimeOffset now)
    {
        if (!IsPublished || State == "revoked")
        {
            return Outcome.NotFound;
        }

        if (!GivesMoreTime)
        {
            return Outcome.Conflict;
        }

        MoreTimeAsked.TryAdd(fan, now);
        return Outcome.Done;
    }

    public string[] Cast(long fan, string question, IReadOnlyList<string> choices, string submission, long delayMs, DateTimeOffset now)
    {
        var place = Questions.FindIndex(q => q.Id == question);
        if (place < 0 || place >= _asked)
        {
            return Outcome.NotOpen;
        }

        if (State == "revoked" || Questions[place].IsForgotten)
        {
            return Outcome.Closed;
        }

        if (place < _asked - 1)
        {
            // The quiz has gone on; whoever did not hear that an answer is in may still ask.
            return [Questions[place].Box.Cast(fan, choices, submission, delayMs, now, default)];
        }

        var extra = GivesMoreTime && MoreTimeAsked.TryGetValue(fan, out var asked) && asked < Current!.OpensAt ? TimeSpan.FromSeconds(Current.Seconds) : TimeSpan.Zero;
        return [Current!.Box.Cast(fan, choices, submission, delayMs, now, new ModelWindow(IsOpen, Current.ClosesAt, LateWindowMs, extra))];
    }

    public override bool Tick(DateTimeOffset now)
    {
        if (State == "scheduled" && _opensAt <= now)
        {
            // Late by more than a moment it begins anew: no question's time is to be over before anybody saw it.
            Start(now - _opensAt.Value < TimeSpan.FromSeconds(1) ? _opensAt.Value : now, now);
            Tick(now);
            return true;
        }

        if (!IsOpen)
        {
            return false;
        }

        var longer = GivesMoreTime && MoreTimeAsked.Values.Any(asked => asked < Current!.OpensAt) ? Current!.Seconds : 0;
        if (Current!.ClosesAt + TimeSpan.FromMilliseconds(LateWindowMs) + Grace + TimeSpan.FromSeconds(longer) > now)
        {
            return false;
        }

        Close(now);
        return true;
    }

    public override JsonObject View() => new()
    {
        ["id"] = Id,
        ["channel"] = Channel,
        ["state"] = State,
        ["version"] = Version,
        ["title"] = _body["title"]!.DeepClone(),
        ["scoring"] = Scoring,
        ["streakBonus"] = StreakBonus,
        ["pace"] = "manual",
        ["moreTime"] = GivesMoreTime,
        ["lateWindowMs"] = LateWindowMs,
        ["opensAt"] = Ms(_opensAt),
        ["current"] = _asked > 0 ? _asked : null,
        ["questions"] = new JsonArray([.. Questions.Select(q => new JsonObject
        {
            ["id"] = q.Id,
            ["text"] = q.Body["text"]!.DeepClone(),
            ["options"] = q.Body["options"]!.DeepClone(),
            ["correct"] = q.Body["correct"]!.DeepClone(),
            ["maxChoices"] = q.Box.MaxChoices,
            ["points"] = q.Points,
            ["seconds"] = q.Seconds,
            ["explanation"] = q.Body["explanation"]?.DeepClone(),
            ["state"] = q.State,
            ["opensAt"] = Ms(q.OpensAt),
            ["closesAt"] = Ms(q.ClosesAt),
            ["result"] = q.Result?.DeepClone(),
        })]),
    };

    public override IEnumerable<Shown> ShownTo(long fan, string lang)
    {
        if (IsPublished && State != "revoked")
        {
            yield return new Shown($"quiz:{Id}", Item(lang), ItemAt, Version);
        }
    }

    public override (ModelBallot Ballot, IReadOnlyList<string> Options, string? Question)? BallotOf(long fan) =>
        IsPublished && State != "revoked" && Current!.Box.Ballots.TryGetValue(fan, out var ballot) ? (ballot, Current.Box.Options, Current.Id) : null;

    protected override void Take(Draft draft)
    {
        _body = draft.Body;
        _opensAt = draft.OpensAt;
        Questions = [.. _body["questions"]!.AsArray().Select(q => new ModelQuizQuestion(q!.AsObject()))];
    }

    private string[] Start(DateTimeOffset now)
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

        return Start(now, now);
    }

    private string[] Start(DateTimeOffset opensAt, DateTimeOffset now)
    {
        (State, _opensAt, IsPublished) = ("running", opensAt, true);
        Ask(opensAt);
        return now < opensAt ? throw new InvalidOperationException("Too early.") : Outcome.Done;
    }

    private void Ask(DateTimeOffset opensAt)
    {
        _asked++;
        (Current!.State, Current.OpensAt, Current.ClosesAt, ItemAt) = ("open", opensAt, opensAt.AddSeconds(Current.Seconds), opensAt);
    }

    private void Close(DateTimeOffset now)
    {
        var closedAt = Current!.ClosesAt < now ? Current.ClosesAt.Value : now;
        (Current.State, Current.ClosesAt, ItemAt) = ("closed", closedAt, closedAt);
        Current.Result = Current.Box.Certify(Current.OpensAt!.Value, closedAt);
    }

    private JsonObject Item(string lang)
    {
        var question = new JsonObject
        {
            ["id"] = Current!.Id,
            ["index"] = _asked,
            ["of"] = Questions.Count,
            ["text"] = TextIn(Current.Body["text"]!, lang),
            ["options"] = new JsonArray([.. Current.Body["options"]!.AsArray().Select(o => new JsonObject { ["id"] = o!["id"]!.DeepClone(), ["label"] = TextIn(o["label"]!, lang) })]),
            ["maxChoices"] = Current.Box.MaxChoices,
            ["points"] = Current.Points,
            ["seconds"] = Current.Seconds,
            ["opensAt"] = Ms(Current.OpensAt),
            ["closesAt"] = Ms(Current.ClosesAt),
            ["state"] = Current.State,
        };
        if (Current.State == "revealed")
        {
            question["correct"] = Current.Body["correct"]!.DeepClone();
            question["tally"] = Current.Box.Tally($"{Id}.{Current.Id}", final: true);
            if (Current.Body["explanation"] is { } explanation)
            {
                question["explanation"] = TextIn(explanation, lang);
            }
        }

        var item = new JsonObject
        {
            ["id"] = Id,
            ["state"] = State,
            ["title"] = TextIn(_body["title"]!, lang),
            ["lang"] = lang,
            ["scoring"] = Scoring,
            ["pace"] = "manual",
            ["streakBonus"] = StreakBonus,
            ["moreTime"] = GivesMoreTime,
            ["of"] = Questions.Count,
            ["question"] = question,
        };
        if (LateWindowMs > 0)
        {
            item["lateWindowMs"] = LateWindowMs;
        }

        return item;
    }

    private static string Pick(Random random, string[] steps) => steps[random.Next(steps.Length)];
}
