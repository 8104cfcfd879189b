using FanHub.Server.Ballots;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FanHub.Tests.Server.Ballots;

public sealed class BallotServicesTests(RedisFixture redis)
{
    [Fact]
    public async Task Ballots_go_into_a_file_or_into_Redis_as_registered()
    {
        var folder = Directory.CreateTempSubdirectory("fanhub-ballots-").FullName;
        var connection = await redis.ConnectAsync();
        foreach (var services in new[] { Services().AddSqliteBallots(folder), Services().AddSingleton(connection).AddRedisBallots() })
        {
            await using var provider = services.BuildServiceProvider();
            var batcher = provider.GetRequiredService<BallotBatcher>();
            (await batcher.CastAsync("p", new BallotRules(2, Changeable: false), new Ballot(1, new StoredBallot(1, 1, 0)), CancellationToken.None)).Status.ShouldBe(CastStatus.Accepted);
            (await provider.GetRequiredService<IBallotBox>().TallyAsync("p", 2)).Ballots.ShouldBe(1);
        }

        await connection.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Settings_out_of_range_are_refused()
    {
        await using var provider = Services(("FanHub:Ballots:MaxBatch", "0")).AddSqliteBallots("unused").BuildServiceProvider();
        Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<IOptions<BallotBatcherOptions>>().Value);
    }

    private static IServiceCollection Services(params (string Key, string Value)[] settings) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
}
