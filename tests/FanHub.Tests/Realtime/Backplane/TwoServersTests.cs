using FanHub.Testing;

namespace FanHub.Tests.Realtime.Backplane;

/// <summary>Two servers on one Redis, and clients on real sockets.</summary>
public sealed class TwoServersTests(RedisFixture redis) : IAsyncLifetime
{
    private readonly string _prefix = redis.FreshPrefix();
    private BackplaneHost _first = null!;
    private BackplaneHost _second = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await BackplaneHost.StartAsync(await redis.ConnectAsync(_prefix));
        _second = await BackplaneHost.StartAsync(await redis.ConnectAsync(_prefix));
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task A_message_to_a_user_reaches_all_of_that_users_connections_on_both()
    {
        await using var sender = await RawFan.ConnectAsync(_first.Address, "bob");
        RawFan[] ann =
        [
            await RawFan.ConnectAsync(_first.Address, "ann"),
            await RawFan.ConnectAsync(_second.Address, "ann"),
            await RawFan.ConnectAsync(_second.Address, "ann"),
        ];
        await sender.InvokeAsync("TellUser", "ann", "hello");
        foreach (var fan in ann)
        {
            await ToldAsync(fan, "hello");
            await fan.DisposeAsync();
        }

        await sender.InvokeAsync("TellUser", "bob", "yourself");
        await ToldAsync(sender, "yourself");
    }

    [Fact]
    public async Task A_connection_of_the_other_server_joins_a_group_and_answers_a_question()
    {
        await using var sender = await RawFan.ConnectAsync(_first.Address, "bob");
        await using var fan = await RawFan.ConnectAsync(_second.Address, "ann");
        var id = (await fan.InvokeAsync("Me")).GetProperty("result").GetString()!;
        await sender.InvokeAsync("Join", id, "g");
        await sender.InvokeAsync("TellGroup", "g", "hello");
        await ToldAsync(fan, "hello");

        var asked = sender.InvokeAsync("Ask", id, "marks?");
        var question = await fan.WaitForPushAsync(m => RawFan.IsCall(m, "question"));
        var invocation = question.GetProperty("invocationId").GetString();
        await fan.SendAsync($$"""{"type":3,"invocationId":"{{invocation}}","result":[9,10]}""");
        (await asked).GetProperty("result").EnumerateArray().Select(m => m.GetInt32()).ShouldBe([9, 10]);
    }

    private static async Task ToldAsync(RawFan fan, string text)
    {
        await fan.WaitForPushAsync(m => RawFan.IsCall(m, "told"));
        fan.Pushed.ShouldHaveSingleItem().GetProperty("arguments")[0].GetString().ShouldBe(text);
    }
}
