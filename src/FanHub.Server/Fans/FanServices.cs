using FanHub.Realtime.Redis;
using FanHub.Server.Editors;
using FanHub.Server.Hosting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Serilog;

namespace FanHub.Server.Fans;

/// <summary>Who fans are.</summary>
internal static class FanServices
{
    /// <summary>Adds sessions, their limits, names, and what it takes to forget. Needs <see cref="IFanProfiles"/>. Waits for Redis where the key is shared through it: without the key a node could only turn fans away.</summary>
    /// <exception cref="FormatException">The configured key is not one.</exception>
    public static async Task AddFansAsync(this WebApplicationBuilder builder, Node node, RedisConnection? redis)
    {
        var services = builder.Services;
        var options = Validated.Read<FanSessionOptions>(builder.Configuration, "FanHub:Sessions");
        services.AddSingleton(
            options.SigningKey is { Length: > 0 } configured ? SessionKey.FromConfiguration(configured)
            : redis is null ? SessionKey.FromFile(node.DataDirectory)
            : await SharedKeyAsync(redis, node.DataDirectory));
        services.AddSingleton<FanLimits>();
        services.AddSingleton<FanNumberIssuer>();
        services.AddSingleton<FanSessions>();
        services.AddSingleton<DisplayNames>();
        services.AddSingleton<ForgottenFans>();
        services.AddHostedService(provider => provider.GetRequiredService<ForgottenFans>());
        services.AddHealthChecks().AddCheck<ForgottenFansHealth>("forgotten-fans", tags: [Health.Ready]);
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, ConfigureFanBearer>();
        services.AddAuthentication().AddJwtBearer(FanSessions.Scheme, _ => { });
        services.AddAuthorizationBuilder().AddPolicy(FanSessions.Scheme, policy => policy.AddAuthenticationSchemes(FanSessions.Scheme).RequireAuthenticatedUser());
        services.Configure<EditorSchemes>(schemes => schemes.Names.Add(FanSessions.Scheme));
    }

    private static async Task<SessionKey> SharedKeyAsync(RedisConnection redis, string dataDirectory)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));
        while (true)
        {
            try
            {
                return await SessionKey.FromRedisAsync(redis, dataDirectory);
            }
            catch (Exception e) when (RedisConnection.IsUnavailable(e))
            {
                Log.Warning("Waiting for Redis, to share the session key: {Reason}", e.Message);
                await Task.Delay(backoff.Next());
            }
        }
    }
}
