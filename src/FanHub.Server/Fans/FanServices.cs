using FanHub.Realtime.Redis;
using FanHub.Server.Hosting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Fans;

/// <summary>Who fans are.</summary>
internal static class FanServices
{
    /// <summary>Adds sessions and their limits.</summary>
    public static void AddFans(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<FanLimits>();
        services.AddSingleton<FanNumberIssuer>();
        services.AddSingleton<FanSessions>();
        services.AddSingleton(SessionKeyOf);
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, ConfigureFanBearer>();
        services.AddAuthentication().AddJwtBearer(FanSessions.Scheme, _ => { });
        services.AddAuthorizationBuilder().AddPolicy(FanSessions.Scheme, policy => policy.AddAuthenticationSchemes(FanSessions.Scheme).RequireAuthenticatedUser());
        // Before it listens, so that a wrong key is told at start, and a Redis that is away is waited for.
        services.AddHostedService<SessionKeyStartup>();
        services.AddSingleton<SessionKeyHolder>();
    }

    private static SessionKey SessionKeyOf(IServiceProvider services) =>
        services.GetRequiredService<SessionKeyHolder>().Key ?? throw new InvalidOperationException("The session key is not there before the server has started.");

    private sealed class SessionKeyHolder
    {
        public SessionKey? Key { get; set; }
    }

    private sealed partial class SessionKeyStartup(SessionKeyHolder holder, Node node, IServiceProvider services, IOptions<SessionOptions> options, TimeProvider time, ILogger<SessionKeyStartup> logger)
        : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            if (options.Value.SigningKey is { Length: > 0 } configured)
            {
                holder.Key = SessionKey.FromConfiguration(configured);
                return;
            }

            if (services.GetService<RedisConnection>() is not { } redis)
            {
                holder.Key = SessionKey.FromFile(node.DataDirectory);
                return;
            }

            var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));
            while (holder.Key is null)
            {
                try
                {
                    holder.Key = await SessionKey.FromRedisAsync(redis, node.DataDirectory);
                }
                catch (Exception e) when (RedisConnection.IsUnavailable(e))
                {
                    WaitingForRedis(logger, e.Message);
                    await Task.Delay(backoff.Next(), time, cancellationToken);
                }
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for Redis, to share the session key: {Reason}")]
        private static partial void WaitingForRedis(ILogger logger, string reason);
    }
}
