using FanHub.Contracts;

namespace FanHub.Tests.Server.Quizzes;

public abstract class QuizValidationTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly object Good = QuizBodies.Question("q", "a");

    /// <summary>What is changed of a good quiz, and the member that is named.</summary>
    private static readonly (object With, string Field)[] Wrong =
    [
        (new { title = new { fr = "Seulement" } }, "title"),
        (new { channel = "none" }, "channel"),
        (new { questions = Array.Empty<object>() }, "questions"),
        (new { questions = Enumerable.Repeat(Good, 101).ToArray() }, "questions"),
        (new { questions = new[] { Good, Good } }, "questions[1].id"),
        (new { questions = new object?[] { null } }, "questions[0].text"),
        (new { questions = new[] { QuizBodies.Question("a b", "a") } }, "questions[0].id"),
        (new { questions = new[] { QuizBodies.Question("q", "z") } }, "questions[0].correct[0]"),
        (new { questions = new[] { QuizBodies.Question("q", "a", seconds: 0) } }, "questions[0].seconds"),
        (new { questions = new[] { QuizBodies.Question("q", "a", points: 10_001) } }, "questions[0].points"),
        (new { questions = new[] { new { text = new { en = "?" }, options = new[] { new { id = "a", label = new { en = "A" } }, new { id = "b", label = new { en = "B" } } }, seconds = 5 } } }, "questions[0].correct"),
        (new { questions = new[] { new { text = new { en = "?" }, options = new[] { new { id = "a", label = new { en = "A" } }, new { id = "b", label = new { en = "B" } } }, correct = new[] { "a", "a" }, seconds = 5 } } }, "questions[0].correct[1]"),
        (new { streakBonus = 1001 }, "streakBonus"),
        (new { streakBonus = -1 }, "streakBonus"),
        (new { pauseSeconds = 0 }, "pauseSeconds"),
        (new { lateWindowMs = 600_001 }, "lateWindowMs"),
        (new { opensAt = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero) }, "opensAt"),
        (new { scoring = 1 }, "scoring"),
        (new { scoring = "1" }, "scoring"),
        (new { scoring = "fast" }, "scoring"),
        (new { pace = 0 }, "pace"),
    ];

    [Fact]
    public async Task What_is_wrong_with_a_quiz_is_refused_and_named()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        foreach (var (with, field) in Wrong)
        {
            var reply = await host.PostAsync("quizzes", QuizBodies.Quiz(with));
            reply.Status.ShouldBe(400, $"{field}: {reply.Content}");
            reply.Code.ShouldBe(ErrorCodes.Invalid);
            reply.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldContain(field, reply.Content);
        }

        (await host.GetAsync("quizzes")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        host.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_absent_takes_its_default()
    {
        await using var host = await StartAsync();
        await host.PutAsync("channels/c", Bodies.Channel);
        var quiz = (await host.PostAsync("quizzes", QuizBodies.Quiz())).Body;
        quiz.GetProperty("scoring").GetString().ShouldBe("speed");
        quiz.GetProperty("pace").GetString().ShouldBe("manual");
        quiz.GetProperty("streakBonus").GetInt32().ShouldBe(0);
        quiz.GetProperty("pauseSeconds").GetInt32().ShouldBe(5);
        quiz.GetProperty("moreTime").GetBoolean().ShouldBeTrue();
        quiz.GetProperty("questions")[0].GetProperty("maxChoices").GetInt32().ShouldBe(1);
        quiz.TryGetProperty("current", out _).ShouldBeFalse();
    }
}

public sealed class QuizValidationOnSqlite() : QuizValidationTests(EditorialTests.Sqlite);

public sealed class QuizValidationOnPostgres(PostgresFixture postgres) : QuizValidationTests(postgres.NewDatabaseAsync);
