using FanHub.Contracts;
using FanHub.Realtime.Backplane;
using FanHub.Realtime.Redis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Realtime.Backplane;

/// <summary>A node with real Kestrel and real SignalR, whose users are who they say they are.</summary>
internal sealed class BackplaneHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RedisConnection _redis;

    private BackplaneHost(WebApplication app, RedisConnection redis)
    {
        _app = app;
        _redis = redis;
    }

    public Uri Address => new(_app.Urls.First());

    public static async Task<BackplaneHost> StartAsync(RedisConnection redis)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IUserIdProvider, TokenIsUser>();
        builder.Services.AddSignalR().AddFanHubRedis(redis);
        var app = builder.Build();
        app.MapHub<ChatHub>(HubMethods.Path);
        await app.StartAsync();
        return new BackplaneHost(app, redis);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _redis.DisposeAsync();
    }

    internal sealed class ChatHub(IHubContext<ChatHub> outside) : Hub
    {
        public string Me() => Context.ConnectionId;

        public Task Join(string connection, string group) => Groups.AddToGroupAsync(connection, group);

        public Task TellUser(string user, string text) => Clients.User(user).SendAsync("told", text);

        public Task TellGroup(string group, string text) => Clients.OthersInGroup(group).SendAsync("told", text);

        // From outside of the hub: SignalR would not read the client's answer while one of its own calls runs.
        public Task<int[]> Ask(string connection, string question) => outside.Clients.Client(connection).InvokeAsync<int[]>("question", question, Context.ConnectionAborted);
    }

    private sealed class TokenIsUser : IUserIdProvider
    {
        public string? GetUserId(HubConnectionContext connection) => connection.GetHttpContext()!.Request.Headers.Authorization.ToString()["Bearer ".Length..];
    }
}
