using System.Text.Json.Nodes;

namespace FanHub.EndToEnd.Secrecy;

/// <summary>A quiz in which every text and id is a mark that is found wherever it turns up, in whatever language.</summary>
internal sealed class MarkedQuiz
{
    private readonly string _title = Mark("title");

    /// <param name="seconds">The time limit of each question.</param>
    public MarkedQuiz(params int[] seconds) => Questions = [.. seconds.Select(s => new MarkedQuestion(s))];

    public IReadOnlyList<MarkedQuestion> Questions { get; }

    /// <summary>What nobody may hear of before it starts.</summary>
    public IEnumerable<string> Marks => [_title, .. Questions.SelectMany(q => q.Marks)];

    public static string Mark(string what) => $"{what}{Guid.NewGuid():N}"[..28];

    public static JsonObject Text(string mark) => new() { ["en"] = $"{mark} en", ["fr"] = $"{mark} fr" };

    /// <param name="channel">Its channel.</param>
    /// <param name="correct">Which option is correct, by place, in every question.</param>
    /// <param name="opensAt">When it is to start.</param>
    public JsonObject Body(string channel, int correct, DateTimeOffset? opensAt = null) => new()
    {
        ["channel"] = channel,
        ["title"] = Text(_title),
        ["scoring"] = "accuracy",
        ["streakBonus"] = 11,
        ["opensAt"] = opensAt,
        ["questions"] = new JsonArray([.. Questions.Select(q => q.Body(correct))]),
    };
}

/// <summary>One of its questions.</summary>
internal sealed class MarkedQuestion(int seconds)
{
    private readonly string _text = MarkedQuiz.Mark("text");
    private readonly string[] _labels = [.. Enumerable.Range(0, 4).Select(_ => MarkedQuiz.Mark("label"))];

    public string Id { get; } = MarkedQuiz.Mark("q");

    public string[] Options { get; } = [.. Enumerable.Range(0, 4).Select(_ => MarkedQuiz.Mark("o"))];

    /// <summary>What nobody may hear of before the reveal.</summary>
    public string Explanation { get; } = MarkedQuiz.Mark("why");

    /// <summary>What nobody may hear of before it opens.</summary>
    public IEnumerable<string> Marks => [Id, _text, Explanation, .. Options, .. _labels];

    public JsonObject Body(int correct) => new()
    {
        ["id"] = Id,
        ["text"] = MarkedQuiz.Text(_text),
        ["options"] = new JsonArray([.. Options.Zip(_labels, (id, label) => new JsonObject { ["id"] = id, ["label"] = MarkedQuiz.Text(label) })]),
        ["correct"] = new JsonArray(Options[correct]),
        ["explanation"] = MarkedQuiz.Text(Explanation),
        ["points"] = 1237,
        ["seconds"] = seconds,
    };
}
