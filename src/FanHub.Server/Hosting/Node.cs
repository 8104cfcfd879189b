using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Realtime.Redis;
using FanHub.Realtime.WebSockets;
using FanHub.Server.Audience;
using FanHub.Server.Ballots;
using FanHub.Server.Cheers;
using FanHub.Server.Fans;
using FanHub.Server.Leaderboards;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FanHub.Server.Hosting;

/// <summary>What this node is, by its configuration.</summary>
internal sealed record Node
{
    /// <summary>Tells it from all other nodes, and from itself before a restart.</summary>
    public string Id { get; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4))}";

    /// <summary>Whether fans are served here.</summary>
    public required bool ServesFans { get; init; }

    /// <summary>Whether editors are served here.</summary>
    public required bool ServesEditors { get; init; }

    /// <summary>Full path of the folder for SQLite files and generated keys.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The Redis that nodes share; null for an embedded server.</summary>
    public required string? Redis { get; init; }

    /// <summary>The PostgreSQL that editor nodes share; null where what editors make is in a file. Nodes without editors have no use for it.</summary>
    public string? Postgres { get; init; }

    /// <summary>Prefix of all names in Redis.</summary>
    public required string KeyPrefix { get; init; }
}

/// <summary>Sets the node up.</summary>
internal static class NodeServices
{
    private const string DefaultAddress = "http://localhost:5080";

    /// <summary>Where to listen, and how much a request may bring.</summary>
    public static void AddListening(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.ConfigureEndpointDefaults(listen => listen.UseTakeover());
        });
        // What has arrived is dealt with where it was read: on the pool already, so that handing it on only costs.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Host.ConfigureHostOptions(host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));
    }

    /// <summary>Reads what the node is.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The configuration does not make sense; the message says where.</exception>
    public static Node AddNode(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddValidated<FanHubOptions>("FanHub");
        builder.AddValidated<LimitOptions>("FanHub:Limits");
        builder.AddValidated<ChannelOptions>("FanHub:Channels");
        builder.AddValidated<FanoutOptions>("FanHub:Fanout");
        builder.AddValidated<VotingOptions>(VotingOptions.Section);
        builder.AddValidated<FanSessionOptions>("FanHub:Sessions");
        builder.AddValidated<NameOptions>(NameOptions.Section);
        builder.AddValidated<ForgottenFansOptions>(ForgottenFansOptions.Section);
        builder.AddValidated<DrainOptions>("FanHub:Drain");
        builder.AddValidated<AudienceOptions>("FanHub:Audience");

        var options = Validated.Read<FanHubOptions>(builder.Configuration, "FanHub");
        var redis = builder.Configuration.GetConnectionString("Redis");
        var postgres = builder.Configuration.GetConnectionString("Postgres");
        var node = new Node
        {
            ServesFans = options.ServesFans,
            ServesEditors = options.ServesEditors,
            DataDirectory = Storage.DataDirectory.Create(options.DataDirectory),
            Redis = string.IsNullOrWhiteSpace(redis) ? null : redis,
            Postgres = string.IsNullOrWhiteSpace(postgres) ? null : postgres,
            KeyPrefix = options.KeyPrefix,
        };
        if (node is { Redis: null, ServesFans: true, ServesEditors: false } or { Redis: null, ServesFans: false, ServesEditors: true })
        {
            throw new NodeConfigurationException("A node with one role needs the others, and meets them in Redis: set ConnectionStrings:Redis, or FanHub:Roles to fan,editor.");
        }

        builder.Services.AddSingleton(node);
        return node;
    }

    /// <summary>Adds the channels, the ballot box, what is known of fans and the leaderboards: in Redis where there is one, else in this process.</summary>
    /// <returns>The connection to Redis, where there is one.</returns>
    public static async Task<RedisConnection?> AddLiveSideAsync(this WebApplicationBuilder builder, Node node)
    {
        var services = builder.Services;
        if (node.Redis is null)
        {
            services.AddSingleton<IChannelLog, InMemoryChannelLog>();
            services.AddSqliteBallots(node.DataDirectory);
            services.AddSqliteFanProfiles(node.DataDirectory);
            services.AddSqliteLeaderboards(node.DataDirectory);
            services.AddSingleton<IAudienceBoard, InProcessAudienceBoard>();
            services.AddSingleton<ICheerBoard, InProcessCheerBoard>();
            return null;
        }

        var redis = await RedisConnection.OpenAsync(node.Redis, node.KeyPrefix);
        services.AddSingleton(_ => redis);
        services.AddSingleton<IChannelLog, RedisChannelLog>();
        services.AddRedisBallots();
        services.AddRedisFanProfiles();
        services.AddRedisLeaderboards();
        services.AddSingleton<IAudienceBoard, RedisAudienceBoard>();
        services.AddSingleton<ICheerBoard, RedisCheerBoard>();
        return redis;
    }
}

/// <summary>The configuration contradicts itself.</summary>
internal sealed class NodeConfigurationException(string message) : Exception(message);
