using FanHub.Tests.Server.Model;
using FanHub.Tests.Server.Quizzes;

namespace FanHub.Tests.Server.Questions;

/// <summary>Fans behind a delayed video, and fans who need more time: what counts, and for how much. The time stands still unless the test lets it pass.</summary>
public abstract class DelayTests(Func<Task<object>> newStage)
{
    private const long Live = 101;
    private const long Behind = 102;
    private const long Late = 103;
    private const long Liar = 104;

    [Fact]
    public async Task A_fan_30_s_behind_with_a_window_of_40_s_votes_and_scores_as_a_live_fan_does()
    {
        await using var stage = await StageAsync();
        var quiz = await StartAsync(stage, lateWindowMs: 40_000);
        await FollowAsync(stage, Behind, 30_000);
        await stage.PassAsync(TimeSpan.FromSeconds(5));
        (await AnswerAsync(stage, Live, quiz)).ShouldBe("ok");
        await stage.PassAsync(TimeSpan.FromSeconds(30));
        // 35 s after the opening of a question of 20 s: 5 s into it, on their screen.
        (await AnswerAsync(stage, Behind, quiz)).ShouldBe("ok");
        (await AnswerAsync(stage, Late, quiz)).ShouldBe("closed");

        (await ScoresAsync(stage, quiz)).ShouldBe(["101 875 1", "102 875 1"], "1000 * (1 - 5/20/2), and level");
    }

    [Fact]
    public async Task With_a_window_of_10_s_who_is_30_s_behind_is_refused()
    {
        await using var stage = await StageAsync();
        var quiz = await StartAsync(stage, lateWindowMs: 10_000);
        await FollowAsync(stage, Behind, 30_000);
        await stage.PassAsync(TimeSpan.FromSeconds(35));
        (await AnswerAsync(stage, Behind, quiz)).ShouldBe("closed");
        (await ScoresAsync(stage, quiz)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_lies_about_the_delay_gains_nothing_beyond_the_window()
    {
        await using var stage = await StageAsync();
        var quiz = await StartAsync(stage, lateWindowMs: 40_000);
        await FollowAsync(stage, Liar, 600_000);
        await FollowAsync(stage, Behind, 600_000);
        await stage.PassAsync(TimeSpan.FromSeconds(50));
        (await AnswerAsync(stage, Liar, quiz)).ShouldBe("ok");
        // 20 s of the question, 40 s of the window, and the grace are over.
        await stage.PassAsync(TimeSpan.FromSeconds(10.6));
        (await AnswerAsync(stage, Behind, quiz)).ShouldBe("closed");
        (await ScoresAsync(stage, quiz)).ShouldBe(["104 750 1"], "50 s less the 40 s that the editor allows: 1000 * (1 - 10/20/2)");
    }

    [Fact]
    public async Task A_vote_of_who_is_behind_counts_until_the_end_of_the_window()
    {
        await using var stage = await StageAsync();
        await stage.Editors.PutAsync("channels/c", Bodies.Channel);
        var poll = (await stage.Editors.PostAsync("polls", Bodies.Poll(new { seconds = 10, lateWindowMs = 20_000 }))).Id;
        await stage.Editors.PostAsync($"polls/{poll}/open");
        await HeardAsync(stage);
        await FollowAsync(stage, Behind, 15_000);
        await FollowAsync(stage, Liar, 600_000);
        await stage.PassAsync(TimeSpan.FromSeconds(25));
        (await stage.Fans.Fan(Behind).VoteAsync(poll, ["a"], "s")).Code.ShouldBe("ok");
        (await stage.Fans.Fan(Live).VoteAsync(poll, ["a"], "s")).Code.ShouldBe("closed");
        await stage.PassAsync(TimeSpan.FromSeconds(1));
        // 26 s: their 15 s of delay and the grace are over; the window of 20 s is not.
        await FollowAsync(stage, Late, 15_000);
        (await stage.Fans.Fan(Late).VoteAsync(poll, ["a"], "s")).Code.ShouldBe("closed");
        (await stage.Fans.Fan(Liar).VoteAsync(poll, ["b"], "s")).Code.ShouldBe("ok");
        await stage.PassAsync(TimeSpan.FromSeconds(5));
        (await stage.Editors.GetAsync($"polls/{poll}")).Body.GetProperty("result").GetProperty("counts").ToString().ShouldBe("""{"a":1,"b":1}""");
    }

    [Fact]
    public async Task Who_asked_for_more_time_before_the_question_has_double_and_scores_by_the_shared_clock()
    {
        await using var stage = await StageAsync();
        var quiz = await StartAsync(stage, lateWindowMs: 0);
        await FollowAsync(stage, Late, 0);
        await stage.PassAsync(TimeSpan.FromSeconds(1));
        // Asked while the first question is on: from the next one on.
        (await stage.Fans.Fan(Behind).MoreTimeAsync(quiz)).Code.ShouldBe("ok");
        await stage.PassAsync(TimeSpan.FromSeconds(20));
        (await AnswerAsync(stage, Behind, quiz)).ShouldBe("closed");
        await stage.Editors.PostAsync($"quizzes/{quiz}/next");
        await HeardAsync(stage);
        await stage.PassAsync(TimeSpan.FromSeconds(30));
        (await AnswerAsync(stage, Late, quiz, "q2", "b")).ShouldBe("closed");
        (await AnswerAsync(stage, Behind, quiz, "q2", "b")).ShouldBe("ok");
        (await stage.Editors.GetAsync($"quizzes/{quiz}")).Body.GetProperty("questions")[1].GetProperty("state").GetString().ShouldBe("open", "it is waited for who has more time");
        await stage.PassAsync(TimeSpan.FromSeconds(10.6));
        (await stage.Editors.GetAsync($"quizzes/{quiz}")).Body.GetProperty("questions")[1].GetProperty("state").GetString().ShouldBe("closed");
        (await ScoresAsync(stage, quiz)).ShouldBe(["102 250 1"], "1000 * (1 - 30/20/2)");
    }

    [Fact]
    public async Task Equal_points_are_told_apart_by_time_and_true_ties_share_the_rank()
    {
        await using var stage = await StageAsync();
        var quiz = await StartAsync(stage, lateWindowMs: 0, scoring: "accuracy");
        await stage.PassAsync(TimeSpan.FromSeconds(2));
        (await AnswerAsync(stage, 101, quiz)).ShouldBe("ok");
        await stage.PassAsync(TimeSpan.FromSeconds(2));
        (await AnswerAsync(stage, 102, quiz)).ShouldBe("ok");
        (await AnswerAsync(stage, 103, quiz)).ShouldBe("ok");
        await stage.PassAsync(TimeSpan.FromSeconds(1));
        (await AnswerAsync(stage, 104, quiz)).ShouldBe("ok");
        (await AnswerAsync(stage, 105, quiz, "q1", "b")).ShouldBe("ok", "wrong, and that is not told");
        (await ScoresAsync(stage, quiz)).ShouldBe(["101 1000 1", "102 1000 2", "103 1000 2", "104 1000 4", "105 0 5"]);
    }

    private async Task<Stage> StageAsync() => (Stage)await newStage();

    private static async Task<string> StartAsync(Stage stage, int lateWindowMs, string scoring = "speed")
    {
        await stage.Editors.PutAsync("channels/c", Bodies.Channel);
        var made = await stage.Editors.PostAsync("quizzes", QuizBodies.Quiz(new { scoring, lateWindowMs }));
        made.Status.ShouldBe(201, made.Content);
        (await stage.Editors.PostAsync($"quizzes/{made.Id}/start")).Status.ShouldBe(200);
        await HeardAsync(stage);
        return made.Id;
    }

    private static async Task HeardAsync(Stage stage)
    {
        await stage.FinishAsync(givesPoints: false);
        await stage.Fans.HearAsync("c");
    }

    private static async Task FollowAsync(Stage stage, long fan, int delayMs) => (await stage.Fans.Fan(fan).FollowAsync("c", "en", delayMs)).Code.ShouldBe("ok");

    private static async Task<string> AnswerAsync(Stage stage, long fan, string quiz, string question = "q1", string choice = "a") =>
        (await stage.Fans.Fan(fan).AnswerAsync(quiz, question, [choice], "s")).Code;

    /// <summary>Reveals, and tells of each of the fans who has a place: fan, score, rank.</summary>
    private static async Task<IReadOnlyList<string>> ScoresAsync(Stage stage, string quiz)
    {
        var revealed = await stage.Editors.PostAsync($"quizzes/{quiz}/reveal");
        revealed.Status.ShouldBe(200, revealed.Content);
        await stage.FinishAsync(givesPoints: true);
        var scores = new List<string>();
        for (var fan = 101L; fan <= 105; fan++)
        {
            var standing = await stage.Fans.Fan(fan).StandingAsync(quiz);
            if (standing is { Code: "ok", Value.Rank: { } rank })
            {
                scores.Add($"{fan} {standing.Value!.Score} {rank}");
            }
        }

        return scores;
    }
}

public sealed class DelayEmbedded() : DelayTests(async () => await Stage.EmbeddedAsync());

public sealed class DelayScaledOut(PostgresFixture postgres, RedisFixture redis) : DelayTests(async () => await Stage.ScaledOutAsync(postgres, redis));
