using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Questions;

namespace FanHub.Server.Predictions;

/// <summary>What an editor says of a prediction: as of a poll, and what it is played for.</summary>
internal sealed record PredictionBody : QuestionBody
{
    private const int DefaultPoints = 100;
    private const int MaxPoints = 10_000;
    private const int MaxUnit = 100;

    /// <summary>What each correct outcome that a ballot names earns, 0 to 10,000; 100 where absent.</summary>
    public int? Points { get; init; }

    /// <summary>The code of the unit of results that it is about, at most 100 characters: it locks when that turns live.</summary>
    public string? Unit { get; init; }

    /// <summary>Checks the body and fills in what is absent.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>, naming everything that is wrong.</exception>
    public (QuestionContent Content, PredictionTerms Terms) Check(Channel? channel, DateTimeOffset now)
    {
        var content = QuestionRules.Check(this, channel, now, errors =>
        {
            errors.Check(Points is null or (>= 0 and <= MaxPoints), "points", $"has to be from 0 to {MaxPoints}");
            errors.Check(Unit is null || (Unit.Length is > 0 and <= MaxUnit && !Unit.Any(char.IsControl) && !Unit.Any(char.IsWhiteSpace)), "unit", $"has to be 1 to {MaxUnit} characters without spaces");
        });
        return (content, new PredictionTerms(Points ?? DefaultPoints, Unit));
    }
}

/// <summary>How a prediction ended: the body of <c>POST predictions/{id}/settle</c>.</summary>
internal sealed record SettleBody
{
    /// <summary>Ids of the correct outcomes: any, all, or none of them. Needed, so that nobody settles by mistake that none was.</summary>
    public List<string?>? Correct { get; init; }

    /// <summary>Checks it against a prediction.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>.</exception>
    public List<string> Check(Prediction prediction)
    {
        var errors = new FieldErrors();
        errors.Check(Correct is not null, "correct", "is needed, as a list of ids; an empty one says that none was");
        for (var i = 0; i < Correct?.Count; i++)
        {
            errors.Check(Correct[i] is { } id && prediction.OptionIds.Contains(id, StringComparer.Ordinal), $"correct[{i}]", "is not one of the options");
            errors.Check(Correct.IndexOf(Correct[i]) == i, $"correct[{i}]", "is there twice");
        }

        errors.ThrowIfAny();
        return [.. prediction.OptionIds.Where(o => Correct!.Contains(o, StringComparer.Ordinal))];
    }
}
