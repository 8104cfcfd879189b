using FanHub.Contracts;
using FanHub.Server.Questions;

namespace FanHub.Server.Predictions;

/// <summary>What an editor decides about a prediction, beside what polls have too.</summary>
/// <param name="Points">What each correct outcome that a ballot names earns, 0 to 10,000.</param>
/// <param name="Unit">The unit of results that it is about: it locks when that turns live.</param>
internal sealed record PredictionTerms(int Points, string? Unit);

/// <summary>One decision on how a prediction ended. The latest counts; what the one before gave is taken back.</summary>
/// <param name="Number">1, 2, 3…</param>
/// <param name="Correct">The correct outcomes, any, all or none of them.</param>
/// <param name="Void">Whether it counts for nothing; then nothing is correct.</param>
/// <param name="At">When it was decided.</param>
/// <param name="By">The editor who decided it.</param>
internal sealed record Settlement(int Number, List<string> Correct, bool Void, DateTimeOffset At, string By);

/// <summary>A question about what will happen. Locked before it does, settled when it has.</summary>
internal sealed class Prediction : Question
{
    private Prediction()
    {
    }

    /// <inheritdoc />
    public override string Kind => ItemKinds.Prediction;

    /// <inheritdoc cref="PredictionTerms.Points" />
    public int Points { get; private set; }

    /// <inheritdoc cref="PredictionTerms.Unit" />
    public string? Unit { get; private set; }

    /// <summary>Every decision so far, in order: the record of what was given and taken back.</summary>
    public List<Settlement> Settlements { get; private set; } = [];

    /// <summary>The decision that counts; null before there is one.</summary>
    public Settlement? Settled => Settlements.Count > 0 ? Settlements[^1] : null;

    /// <inheritdoc />
    public override Stake Stake => new(Points, Unit, State == QuestionState.Settled ? Settled?.Correct : null, Settled?.Number);

    /// <inheritdoc />
    protected override QuestionState[] RevocableFrom => [QuestionState.Open, QuestionState.Closed, QuestionState.Settled, QuestionState.Void, QuestionState.Cancelled];

    /// <summary>A new draft.</summary>
    public static Prediction Draft(string channel, QuestionContent content, PredictionTerms terms, DateTimeOffset now)
    {
        var prediction = new Prediction { Id = Guid.CreateVersion7(now).ToString(), Channel = channel, State = QuestionState.Draft, Version = 1, CreatedAt = now, UpdatedAt = now };
        prediction.Take(content);
        (prediction.Points, prediction.Unit) = terms;
        return prediction;
    }

    /// <summary>Replaces what was written, while no fan has seen it.</summary>
    public void Edit(QuestionContent content, PredictionTerms terms, DateTimeOffset now)
    {
        RequireEditable();
        Take(content);
        (Points, Unit) = terms;
        Changed(now);
    }

    /// <summary>Whether exactly these outcomes, in the order of the options, are what it is settled with.</summary>
    public bool IsSettledAs(IReadOnlyList<string> correct) => State == QuestionState.Settled && Settled!.Correct.SequenceEqual(correct, StringComparer.Ordinal);

    /// <summary>Says which outcomes were correct. Saying others later corrects it.</summary>
    public void Settle(List<string> correct, string by, DateTimeOffset now)
    {
        RequireSettleable("settled");
        Decide(new Settlement(Settlements.Count + 1, correct, Void: false, now, by), QuestionState.Settled, now);
    }

    /// <summary>Makes it count for nothing.</summary>
    public void MakeVoid(string by, DateTimeOffset now)
    {
        Require("made void", QuestionState.Closed, QuestionState.Settled);
        Decide(new Settlement(Settlements.Count + 1, [], Void: true, now, by), QuestionState.Void, now);
    }

    /// <summary>Throws unless it can be settled.</summary>
    public void RequireSettleable(string done) => Require(done, QuestionState.Closed, QuestionState.Settled, QuestionState.Void);

    private void Decide(Settlement settlement, QuestionState state, DateTimeOffset now)
    {
        State = state;
        // A new list: what is saved is compared with what was read.
        Settlements = [.. Settlements, settlement];
        Changed(now);
    }
}
