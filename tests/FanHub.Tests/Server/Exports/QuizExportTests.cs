using System.Text.Json;
using FanHub.Server.Fans;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Exports;

public abstract class QuizExportTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Theory]
    [InlineData("speed", 0)]
    [InlineData("speed", 50)]
    [InlineData("accuracy", 50)]
    [InlineData("floor", 50)]
    public async Task Scores_can_be_worked_out_again_from_the_answers(string scoring, int streakBonus)
    {
        await using var host = await StartAsync();
        var quiz = await host.MakeAsync("quizzes", Quiz(scoring, streakBonus));
        var random = new Random(17);
        await host.TellAsync($"quizzes/{quiz}", "start");
        for (var question = 1; question <= 8; question++)
        {
            var answers = Enumerable.Range(1, 80).Where(_ => random.Next(8) > 0)
                .Select(fan => ((long)fan, random.Next(3) > 0 ? RightIn(question) : 0b100UL, random.Next(45) * 1000L + random.Next(1000), random.Next(3) == 0 ? random.Next(30_000) : 0L)).ToList();
            // Twins, who tie; and who answers nothing at all is not on the board.
            answers.RemoveAll(a => a.Item1 is 77 or 78);
            answers.AddRange([(77, RightIn(question), 4_321, 0), (78, RightIn(question), 4_321, 0)]);
            await host.CastAsync($"{quiz}.q{question}", 3, [.. answers]);
            await host.TellAsync($"quizzes/{quiz}", question < 8 ? "next" : "finish");
        }

        foreach (var format in (string[])["json", "csv"])
        {
            var recounted = (await host.ExportAsync($"quizzes/{quiz}", format)).ShouldBeRight();
            recounted.Output.ShouldContain("Leaderboard: 80 places, each worked out from the answers");
            (await host.ExportAsync($"leaderboards/{quiz}", format)).ShouldBeRight();
        }

        host.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Scores_ties_and_delays_are_as_worked_out_by_hand()
    {
        await using var host = await StartAsync();
        var quiz = await host.MakeAsync("quizzes", Quiz("speed", 100, questions: 2));
        await host.TellAsync($"quizzes/{quiz}", "start");
        // q1: a is right; 20 s, 1000 points.
        await host.CastAsync($"{quiz}.q1", 3, (1, 1, 400, 0), (2, 1, 30_000, 29_700), (3, 1, 10_000, 0), (4, 0b10, 5_000, 0));
        await host.TellAsync($"quizzes/{quiz}", "next");
        // q2: exactly a and b are right; 20 s, 1000 points.
        await host.CastAsync($"{quiz}.q2", 3, (1, 0b11, 5_140, 0), (2, 0b11, 5_240, 0), (4, 0b01, 100, 0));
        await host.TellAsync($"quizzes/{quiz}", "finish");
        await host.Services.GetRequiredService<IFanProfiles>().SetNameAsync(3, "=1+1;@x");

        var export = await host.ExportAsync($"quizzes/{quiz}", "json");
        export.ShouldBeRight();
        JsonElement.Parse(export).GetProperty("leaderboard").EnumerateArray().Select(p => (p.GetProperty("rank").GetInt64(), p.GetProperty("score").GetInt64(), p.GetProperty("savedMs").GetInt64())).ShouldBe(
        [
            // 1000 + 872 (871.5) + 100 for the second in a row; 19,600 + 14,860 ms.
            (1, 1972, 34_460),
            // 1000, for the delay is taken off; 869 + 100.
            (2, 1969, 19_700 + 14_760),
            (3, 750, 10_000),
            (4, 0, 15_000 + 19_900),
        ]);
        // No names beside ballots; with names, no ballots.
        export.ShouldNotContain("=1+1");
        export.ShouldNotContain("Fan 0");
        var board = await host.ExportAsync($"leaderboards/{quiz}", "csv");
        board.ShouldBeRight();
        board.ShouldContain("place,,\"'=1+1;'@x\",,");
        board.ShouldContain("place,,\"Fan 0001\",,");
        board.ShouldNotContain("ballot,");
    }

    [Fact]
    public async Task A_fan_has_the_same_id_in_every_question_and_on_the_leaderboard()
    {
        await using var host = await StartAsync();
        var quiz = await host.MakeAsync("quizzes", Quiz("accuracy", 0, questions: 2));
        await host.TellAsync($"quizzes/{quiz}", "start");
        await host.CastAsync($"{quiz}.q1", 3, (1, 1, 400, 0));
        await host.TellAsync($"quizzes/{quiz}", "next");
        await host.CastAsync($"{quiz}.q2", 3, (1, 1, 500, 0));
        await host.TellAsync($"quizzes/{quiz}", "finish");
        var export = await host.ExportAsync($"quizzes/{quiz}", "json");

        var ids = Exporting.Ballots(export).Select(b => b.GetProperty("fan").GetString()).Append(JsonElement.Parse(export).GetProperty("leaderboard")[0].GetProperty("fan").GetString()).ToList();
        ids.Count.ShouldBe(3);
        ids.Distinct().ShouldHaveSingleItem();
        export.ShouldBeRight("--receipt", await host.ReceiptAsync($"{quiz}.q2", 3, 1)).Output.ShouldContain(": Question q2: a, 500 ms after the opening");
    }

    [Fact]
    public async Task Who_is_level_comes_in_no_order_of_numbers()
    {
        await using var host = await StartAsync();
        var quiz = await host.MakeAsync("quizzes", Quiz("accuracy", 0, questions: 1));
        await host.TellAsync($"quizzes/{quiz}", "start");
        await host.CastAsync($"{quiz}.q1", 3, [.. Enumerable.Range(1, 50).Select(f => ((long)f, 1UL, 400L, 0L))]);
        await host.TellAsync($"quizzes/{quiz}", "finish");
        var ids = JsonElement.Parse(await host.ExportAsync($"quizzes/{quiz}", "json")).GetProperty("leaderboard").EnumerateArray().Select(p => p.GetProperty("fan").GetString()).ToList();
        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    public async Task Of_a_quiz_that_was_called_off_what_was_revealed_counts(string format)
    {
        await using var host = await StartAsync();
        var quiz = await host.MakeAsync("quizzes", Quiz("speed", 10, questions: 3));
        await host.TellAsync($"quizzes/{quiz}", "start");
        await host.CastAsync($"{quiz}.q1", 3, (1, 1, 4_000, 0), (2, 2, 100, 0));
        await host.TellAsync($"quizzes/{quiz}", "next");
        await host.CastAsync($"{quiz}.q2", 3, (1, 0b11, 3_000, 0), (3, 1, 100, 0));
        await host.TellAsync($"quizzes/{quiz}", "close", "cancel");

        var recounted = (await host.ExportAsync($"quizzes/{quiz}", format)).ShouldBeRight();
        recounted.Output.ShouldContain("Question q2, closed: earns no points");
        recounted.Output.ShouldContain("Leaderboard: 2 places");
    }

    [Fact]
    public async Task Only_a_quiz_that_has_ended_is_exported()
    {
        await using var host = await StartAsync();
        var quiz = await host.MakeAsync("quizzes", Quiz("speed", 0, questions: 2));
        async Task RefusedAsync(string says)
        {
            foreach (var path in (string[])[$"quizzes/{quiz}/export", $"leaderboards/{quiz}/export"])
            {
                var reply = await host.GetAsync(path);
                reply.Status.ShouldBe(409);
                reply.Content.ShouldContain(says);
            }
        }

        await RefusedAsync("Start and finish it first.");
        await host.TellAsync($"quizzes/{quiz}", "start", "close");
        await RefusedAsync("Finish it first.");
        (await host.GetAsync("quizzes/none/export")).Status.ShouldBe(404);
        (await host.GetAsync("leaderboards/none/export")).Status.ShouldBe(404);
        await host.TellAsync($"quizzes/{quiz}", "finish", "revoke");
        (await host.GetAsync($"leaderboards/{quiz}/export")).Content.ShouldContain("taken away");
        var revoked = await host.ExportAsync($"quizzes/{quiz}", "json");
        revoked.ShouldBeRight();
        revoked.ShouldNotContain("leaderboard");
    }

    /// <summary>In questions with an odd number <c>a</c> is right, in others exactly <c>a</c> and <c>b</c> are.</summary>
    internal static object Quiz(string scoring, int streakBonus, int questions = 8) => new
    {
        channel = "c",
        title = new { en = "Quiz night" },
        scoring,
        streakBonus,
        questions = Enumerable.Range(1, questions).Select(i => new
        {
            id = $"q{i}",
            text = new { en = $"What is {i}?" },
            options = ((string[])["a", "b", "c"]).Select(o => new { id = o, label = new { en = o } }),
            correct = i % 2 == 1 ? (string[])["a"] : ["a", "b"],
            maxChoices = i % 2 == 1 ? 1 : 2,
            points = i <= 2 ? 1000 : 333,
            seconds = 20,
        }),
    };

    internal static ulong RightIn(int question) => question % 2 == 1 ? 0b001UL : 0b011;
}

public sealed class QuizExportsOnSqlite() : QuizExportTests(Sqlite);

public sealed class QuizExportsOnPostgres(PostgresFixture postgres) : QuizExportTests(postgres.NewDatabaseAsync);
