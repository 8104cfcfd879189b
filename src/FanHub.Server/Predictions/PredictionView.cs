using FanHub.Server.Questions;

namespace FanHub.Server.Predictions;

/// <summary>A prediction as editors see it.</summary>
internal sealed record PredictionView : QuestionView
{
    /// <summary>Shows a prediction.</summary>
    public PredictionView(Prediction prediction)
        : base(prediction)
    {
        Points = prediction.Points;
        Unit = prediction.Unit;
        Settlements = prediction.Settlements;
    }

    /// <summary>What each correct outcome that a ballot names earns.</summary>
    public int Points { get; }

    /// <summary>The unit of results that it is about.</summary>
    public string? Unit { get; }

    /// <summary>Every decision so far, in order; the last one counts.</summary>
    public IReadOnlyList<Settlement> Settlements { get; }
}
