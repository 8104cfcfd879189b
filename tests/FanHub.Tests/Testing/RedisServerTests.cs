using FanHub.Testing;

namespace FanHub.Tests.Testing;

public sealed class RedisServerTests
{
    [Fact]
    public async Task A_killed_server_comes_back_on_its_port_with_what_it_had_acknowledged()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions { AppendOnly = RedisAppendOnly.Always });
        var port = server.Port;
        await server.CommandAsync("SET", "a", "1");

        await server.KillAsync();
        server.Process.HasExited.ShouldBeTrue();
        await server.StartAsync();

        server.Port.ShouldBe(port);
        (await server.CommandAsync("GET", "a")).ShouldBe("1");
    }

    [Fact]
    public async Task A_paused_server_answers_once_it_goes_on()
    {
        await using var server = await RedisServer.StartNewAsync();
        await server.PauseAsync();
        var answer = server.CommandAsync("PING");
        await Task.Delay(100);
        answer.IsCompleted.ShouldBeFalse();

        await server.ResumeAsync();

        (await answer).ShouldBe("+PONG");
    }

    [Fact]
    public async Task Nothing_is_left_of_a_disposed_server()
    {
        var server = await RedisServer.StartNewAsync();
        var id = server.Process.Id;
        await server.DisposeAsync();

        Directory.Exists(server.Folder).ShouldBeFalse();
        Directory.Exists($"/proc/{id}").ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_outlives_the_thread_that_asked_for_it()
    {
        // The kernel ties a child to the thread that started it; threads of the pool come and go.
        RedisServer? server = null;
        var thread = new Thread(() => server = RedisServer.StartNewAsync().GetAwaiter().GetResult());
        thread.Start();
        thread.Join();

        await using (server)
        {
            (await server!.CommandAsync("PING")).ShouldBe("+PONG");
        }
    }
}
