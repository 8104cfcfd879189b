using System.Collections.Concurrent;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Quizzes;

public abstract class QuizClockTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private static readonly DateTimeOffset Start = new(2028, 7, 21, 20, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Each_step_of_a_timed_quiz_is_at_its_planned_moment_however_late_those_before_were()
    {
        var time = new FakeTimeProvider(Start);
        var published = new ConcurrentQueue<Item>();
        var log = new FaultyLog(EditorialHost.NewLog())
        {
            BeforeAppend = item =>
            {
                published.Enqueue(item);
                return null;
            },
        };
        await using var host = await StartAsync(log: log, time: time);
        await host.PutAsync("channels/c", Bodies.Channel);
        var quiz = await host.PostAsync("quizzes", QuizBodies.Quiz(new
        {
            pace = "timed",
            pauseSeconds = 1,
            opensAt = Start.AddSeconds(1),
            questions = new[] { QuizBodies.Question("q1", "a", seconds: 1), QuizBodies.Question("q2", "a", seconds: 1) },
        }));
        (await host.PostAsync($"quizzes/{quiz.Id}/start")).State.ShouldBe("scheduled");
        int[] planned = [1000, 2500, 3500, 5000, 6000];
        for (var step = 1; step <= planned.Length; step++)
        {
            // The clock comes round 60 ms late each time, or some more: it may have begun to wait just after that.
            time.SetUtcNow(Start.AddMilliseconds(planned[step - 1] + 60));
            await Eventually.TrueAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(1));
                    return Mine().Count >= step;
                },
                $"step {step} is taken");
        }

        Mine().Select(i => (int)(i.At - Start).TotalMilliseconds).ShouldBe(planned);
        (await host.GetAsync($"quizzes/{quiz.Id}")).State.ShouldBe("finished");

        List<Item> Mine() => [.. published.Where(i => i.Key == $"{ItemKinds.Quiz}:{quiz.Id}")];
    }
}

public sealed class QuizClockOnSqlite() : QuizClockTests(Sqlite);

public sealed class QuizClockOnPostgres(PostgresFixture postgres) : QuizClockTests(postgres.NewDatabaseAsync);
