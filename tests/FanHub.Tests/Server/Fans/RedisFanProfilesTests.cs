using System.Diagnostics;
using FanHub.Realtime.Redis;
using FanHub.Server.Fans;
using FanHub.Testing;
using FanHub.Tests.Contracts;

namespace FanHub.Tests.Server.Fans;

public sealed class RedisFanProfilesTests(RedisFixture redis) : FanProfilesContract
{
    private readonly string _prefix = redis.FreshPrefix();
    private readonly List<RedisConnection> _connections = [];

    [Fact]
    public async Task Wishes_for_more_time_expire_thirty_days_after_the_last()
    {
        await Profiles.AskMoreTimeAsync("quiz-1", 7, DateTimeOffset.UtcNow);
        var connection = _connections[0];
        (await connection.Database.KeyTimeToLiveAsync(connection.Keys.MoreTime("quiz-1")))!.Value.ShouldBeInRange(TimeSpan.FromDays(29.9), TimeSpan.FromDays(30));
    }

    [Fact]
    public async Task Names_of_neighbours_stay_packed()
    {
        for (var fan = 0; fan < 128; fan++)
        {
            await Profiles.SetNameAsync(fan, $"Fan number {fan} 🏅");
        }

        var connection = _connections[0];
        var encoding = await connection.Database.ExecuteAsync("OBJECT", "ENCODING", connection.Keys.FanNames(0));
        encoding.ToString().ShouldBeOneOf("listpack", "ziplist");
    }

    [Fact]
    public async Task A_Redis_that_stopped_answering_is_unavailable_soon_and_works_again_afterwards()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var connection = await RedisConnection.OpenAsync(server.ConnectionString, "t");
        var profiles = new RedisFanProfiles(connection, ForgottenFor);
        await profiles.SetNameAsync(7, "Ana");

        await server.PauseAsync();
        var watch = Stopwatch.StartNew();
        await Should.ThrowAsync<FanProfilesUnavailableException>(() => profiles.FindNameAsync(7));
        await Should.ThrowAsync<FanProfilesUnavailableException>(() => profiles.ForgetAsync(7));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
        await server.ResumeAsync();

        await Eventually.GetAsync(() => profiles.ForgetAsync(7));
        await Should.ThrowAsync<FanForgottenException>(() => profiles.SetNameAsync(7, "Bea"));
    }

    private protected override async Task<IFanProfiles> OpenAsync()
    {
        var connection = await redis.ConnectAsync(_prefix);
        _connections.Add(connection);
        return new RedisFanProfiles(connection, ForgottenFor);
    }

    private protected override Task<IFanProfiles> OpenAnotherAsync() => OpenAsync();

    // Redis's clock goes by itself, and counts microseconds.
    private protected override Task PassAsync() => Task.Delay(2);

    private protected override async Task CloseAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }
}
