using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Leaderboards;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Leaderboards;

public sealed class LeaderboardServicesTests(RedisFixture redis)
{
    [Fact]
    public async Task Points_go_into_a_file_or_into_Redis_as_registered()
    {
        var folder = Directory.CreateTempSubdirectory("fanhub-boards-").FullName;
        var connection = await redis.ConnectAsync();
        foreach (var services in new[] { new ServiceCollection().AddSqliteLeaderboards(folder), new ServiceCollection().AddSingleton(connection).AddRedisLeaderboards() })
        {
            await using var provider = services.BuildServiceProvider();
            var boards = provider.GetRequiredService<ILeaderboard>();
            await boards.AwardAsync("quiz-1", new AwardChunk("q1", 0, 0, 1, [new Award(1, 5, 0)]));
            (await boards.CountAsync("quiz-1")).ShouldBe(1);
        }

        await connection.DisposeAsync();
        File.Exists(Path.Combine(folder, "boards.db")).ShouldBeTrue();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_store_that_is_away_is_told_as_unavailable()
    {
        var problem = Problems.From(new LeaderboardUnavailableException("It is away."));
        problem.Code.ShouldBe(ErrorCodes.Unavailable);
        problem.RetryAfter.ShouldNotBeNull();
    }
}
