using FanHub.Tests.Server.Quizzes;

namespace FanHub.Tests.Server.Questions;

/// <summary>Every step from every state, of what fans answer.</summary>
public abstract class EveryTransitionTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly TransitionTable Polls = new(
        "polls",
        ["edit", "open", "close", "reveal", "cancel", "revoke"],
        new(StringComparer.Ordinal)
        {
            ["draft"] = ([], To("edit draft", "open open", "cancel cancelled")),
            ["scheduled"] = (["schedule"], To("edit scheduled", "open open", "cancel cancelled")),
            ["open"] = (["open"], To("close closed", "cancel cancelled", "revoke revoked")),
            ["closed"] = (["open", "close"], To("reveal revealed", "cancel cancelled", "revoke revoked")),
            ["revealed"] = (["open", "close", "reveal"], To("revoke revoked")),
            ["cancelled"] = (["open", "cancel"], To("revoke revoked")),
            ["revoked"] = (["open", "revoke"], To()),
        },
        later => Bodies.Poll(later is null ? null : new { opensAt = later }),
        reply => reply.State);

    private static readonly TransitionTable Predictions = new(
        "predictions",
        ["edit", "open", "lock", "settle", "void", "cancel", "revoke"],
        new(StringComparer.Ordinal)
        {
            ["draft"] = ([], To("edit draft", "open open", "cancel cancelled")),
            ["scheduled"] = (["schedule"], To("edit scheduled", "open open", "cancel cancelled")),
            ["open"] = (["open"], To("lock closed", "cancel cancelled", "revoke revoked")),
            ["closed"] = (["open", "lock"], To("settle settled", "void void", "cancel cancelled", "revoke revoked")),
            ["settled"] = (["open", "lock", "settle"], To("settle settled", "void void", "revoke revoked")),
            ["void"] = (["open", "lock", "void"], To("settle settled", "revoke revoked")),
            ["cancelled"] = (["open", "cancel"], To("revoke revoked")),
            ["revoked"] = (["open", "lock", "settle", "revoke"], To()),
        },
        later => Bodies.Poll(later is null ? null : new { opensAt = later }),
        reply => reply.State);

    private static readonly TransitionTable Quizzes = new(
        "quizzes",
        ["edit", "start", "close", "reveal", "next", "finish", "cancel", "revoke"],
        new(StringComparer.Ordinal)
        {
            ["draft"] = ([], To("edit draft", "start running 1 open", "cancel cancelled")),
            ["scheduled"] = (["schedule"], To("edit scheduled", "start running 1 open", "cancel cancelled")),
            ["running 1 open"] = (["start"], To("close running 1 closed", "reveal running 1 revealed", "next running 2 open", "finish finished", "cancel cancelled", "revoke revoked")),
            ["running 1 closed"] = (["start", "close"], To("reveal running 1 revealed", "next running 2 open", "finish finished", "cancel cancelled", "revoke revoked")),
            ["running 1 revealed"] = (["start", "reveal"], To("next running 2 open", "finish finished", "cancel cancelled", "revoke revoked")),
            ["running 3 open"] = (["start", "next", "next"], To("close running 3 closed", "reveal running 3 revealed", "finish finished", "cancel cancelled", "revoke revoked")),
            ["running 3 revealed"] = (["start", "next", "next", "reveal"], To("finish finished", "cancel cancelled", "revoke revoked")),
            ["finished"] = (["start", "finish"], To("revoke revoked")),
            ["cancelled"] = (["start", "cancel"], To("revoke revoked")),
            ["revoked"] = (["start", "revoke"], To()),
        },
        later => QuizBodies.Quiz(later is null ? null : new { opensAt = later }),
        reply => reply.State != "running" ? reply.State
            : $"running {reply.Body.GetProperty("current")} {reply.Body.GetProperty("questions")[reply.Body.GetProperty("current").GetInt32() - 1].GetProperty("state").GetString()}");

    [Fact]
    public Task Every_step_of_a_poll_leads_where_it_should_or_is_a_conflict() => CheckAsync(Polls);

    [Fact]
    public Task Every_step_of_a_prediction_leads_where_it_should_or_is_a_conflict() => CheckAsync(Predictions);

    [Fact]
    public Task Every_step_of_a_quiz_leads_where_it_should_or_is_a_conflict() => CheckAsync(Quizzes);

    private static Dictionary<string, string> To(params string[] steps) => steps.ToDictionary(s => s[..s.IndexOf(' ', StringComparison.Ordinal)], s => s[(s.IndexOf(' ', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);

    private async Task CheckAsync(TransitionTable table)
    {
        await using var host = await StartAsync();
        await table.CheckAsync(host);
    }
}

public sealed class EveryTransitionOnSqlite() : EveryTransitionTests(EditorialTests.Sqlite);

public sealed class EveryTransitionOnPostgres(PostgresFixture postgres) : EveryTransitionTests(postgres.NewDatabaseAsync);
