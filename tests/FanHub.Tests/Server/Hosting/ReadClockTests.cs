using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Hosting;

public sealed class ReadClockTests() : EditorialTests(Sqlite)
{
    [Fact]
    public async Task Editors_are_told_the_time_by_the_server()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 7, 31, 18, 0, 0, 250, TimeSpan.Zero));
        await using var host = await StartAsync(time: time);
        var reply = await host.GetAsync("clock");
        reply.Status.ShouldBe(200);
        reply.Body.GetProperty("now").GetInt64().ShouldBe(time.GetUtcNow().ToUnixTimeMilliseconds());
        reply.Headers.CacheControl!.NoStore.ShouldBeTrue();
        host.Http.DefaultRequestHeaders.Authorization = null;
        (await host.GetAsync("clock")).Status.ShouldBe(401);
    }
}
