using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FanHub.Server.Storage;

/// <summary>The database and what keeps the live side in step with it.</summary>
internal static class StorageServices
{
    /// <summary>
    /// Adds the database in the data directory. Hosted services start in the order in which they are added: add this before whatever needs the database at its start.
    /// </summary>
    public static IHostApplicationBuilder AddStorage(this IHostApplicationBuilder builder, string dataDirectory)
    {
        var services = builder.Services;
        services.AddSingleton(_ => DataDirectory.Take(dataDirectory));
        services.AddSingleton<SqliteSettings.Connections>();
        services.AddDbContext<FanHubDb>((provider, options) => options
            .UseSqlite(SqliteSettings.ConnectionString(provider.GetRequiredService<DataDirectory>()))
            .AddInterceptors(provider.GetRequiredService<SqliteSettings.Connections>())
            // The migrations are written by hand, without the snapshots that this warning compares the model with.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)));
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<LiveStateRebuilder>();
        services.AddSingleton<OutboxPublisher>();
        services.AddHostedService<DatabaseStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveStateRebuilder>());
        services.AddHostedService(provider => provider.GetRequiredService<OutboxPublisher>());
        services.AddHealthChecks().AddCheck<LiveStateRebuilder>("live-state", tags: ["ready"]);
        return builder;
    }
}
