namespace FanHub.Tests.Server.Quizzes;

/// <summary>Quizzes to play with, in the channel <c>c</c>.</summary>
internal static class QuizBodies
{
    /// <summary>Three questions of two options each; <c>a</c> is right in the first, <c>b</c> in the others.</summary>
    public static Dictionary<string, object?> Quiz(object? with = null)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["channel"] = "c",
            ["title"] = new { en = "Quiz night" },
            ["questions"] = new[] { Question("q1", "a"), Question("q2", "b"), Question("q3", "b") },
        };
        foreach (var property in with?.GetType().GetProperties() ?? [])
        {
            body[property.Name] = property.GetValue(with);
        }

        return body;
    }

    public static object Question(string id, string correct, int seconds = 20, int points = 1000) => new
    {
        id,
        text = new { en = $"What is {id}?" },
        options = new[] { new { id = "a", label = new { en = "This" } }, new { id = "b", label = new { en = "That" } } },
        correct = new[] { correct },
        explanation = new { en = $"Because {id} is so." },
        seconds,
        points,
    };
}
