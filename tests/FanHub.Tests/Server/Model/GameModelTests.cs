using System.Diagnostics;
using System.Globalization;

namespace FanHub.Tests.Server.Model;

public sealed class EmbeddedGameModelTests : GameModelTests
{
    private protected override Task<Stage> NewStageAsync() => Stage.EmbeddedAsync();
}

public sealed class ScaledOutGameModelTests(PostgresFixture postgres, RedisFixture redis) : GameModelTests
{
    private protected override Task<Stage> NewStageAsync() => Stage.ScaledOutAsync(postgres, redis);
}

/// <summary>
/// Stories that were made up, played to real nodes and to a model that has nothing of them, which are compared after every step. What differs is told with the shortest story that
/// was found to show it. <c>FANHUB_MODEL_SEED</c> plays others, <c>FANHUB_MODEL_STEPS</c> more of them.
/// </summary>
public abstract class GameModelTests
{
    private const int StepsOfStory = 100;
    private const int StoriesOnStage = 10;
    private static readonly TimeSpan Shrinking = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("Polls")]
    [InlineData("Predictions")]
    [InlineData("Quizzes")]
    public async Task Whatever_happens_the_server_is_where_the_model_is(string kind)
    {
        var game = Enum.Parse<GameKind>(kind);
        var first = Setting("FANHUB_MODEL_SEED", 1000);
        var stories = Setting("FANHUB_MODEL_STEPS", 10_000) / StepsOfStory;
        for (var i = 0; i < stories; i += StoriesOnStage)
        {
            await using var stage = await NewStageAsync();
            for (var seed = first + i; seed < first + Math.Min(i + StoriesOnStage, stories); seed++)
            {
                var script = Script.Write(seed, StepsOfStory);
                if (await PlayAsync(stage, game, script, string.Create(CultureInfo.InvariantCulture, $"s{seed}")) is { } failure)
                {
                    Assert.Fail(await ExplainAsync(game, seed, script, failure));
                }
            }
        }
    }

    private protected abstract Task<Stage> NewStageAsync();

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    /// <returns>What differed, and how it came to that; null where nothing did.</returns>
    private static async Task<Failure?> PlayAsync(Stage stage, GameKind game, IReadOnlyList<ScriptedStep> script, string channel)
    {
        var run = new GameRun(stage, game, channel);
        await run.BeginAsync();
        var steps = 0;
        try
        {
            foreach (var step in script)
            {
                steps++;
                await run.DoAsync(step);
            }

            await run.EndAsync();
            return null;
        }
        catch (Exception difference)
        {
            return new Failure(steps, difference is DifferenceException ? difference.Message : difference.ToString(), [.. run.Story]);
        }
    }

    /// <summary>Leaves out what is not needed to see it, many steps at once and then fewer, for a while.</summary>
    private async Task<string> ExplainAsync(GameKind game, int seed, IReadOnlyList<ScriptedStep> script, Failure failure)
    {
        var clock = Stopwatch.StartNew();
        var small = script.Take(failure.Steps).ToList();
        var shown = failure;
        for (var piece = Math.Max(1, small.Count / 2); piece >= 1 && clock.Elapsed < Shrinking; piece /= 2)
        {
            for (var from = 0; from < small.Count && clock.Elapsed < Shrinking;)
            {
                List<ScriptedStep> without = [.. small.Take(from), .. small.Skip(from + piece)];
                await using var stage = await NewStageAsync();
                if (await PlayAsync(stage, game, without, "again") is { } again)
                {
                    (small, shown) = ([.. without.Take(again.Steps)], again);
                }
                else
                {
                    from += piece;
                }
            }
        }

        return $"""
            {game}, seed {seed}, differs after {failure.Steps} steps: {failure.What}
            The shortest story found, of {small.Count} steps:
            {string.Join('\n', shown.Story)}
            {shown.What}
            """;
    }

    private sealed record Failure(int Steps, string What, IReadOnlyList<string> Story);
}
