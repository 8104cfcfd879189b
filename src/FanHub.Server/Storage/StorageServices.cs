using FanHub.Server.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FanHub.Server.Storage;

/// <summary>The database and what keeps the live side in step with it.</summary>
internal static class StorageServices
{
    /// <summary>
    /// Adds the database: PostgreSQL where it is configured, else a file in the data directory. Hosted services start in the order in which they are added: add this before whatever
    /// needs the database at its start.
    /// </summary>
    /// <exception cref="NodeConfigurationException">The connection string makes no sense.</exception>
    public static IHostApplicationBuilder AddStorage(this IHostApplicationBuilder builder, Node node)
    {
        var services = builder.Services;
        var database = EditorialDatabase.Of(node);
        services.AddSingleton(database);
        services.AddSingleton(_ => DataDirectory.Take(node.DataDirectory));
        services.AddSingleton<SqliteSettings.Connections>();
        services.AddDbContext<FanHubDb>((provider, options) =>
        {
            if (database.Postgres is { } postgres)
            {
                options.UsePostgres(postgres);
            }
            else
            {
                options.UseSqlite(SqliteSettings.ConnectionString(provider.GetRequiredService<DataDirectory>())).AddInterceptors(provider.GetRequiredService<SqliteSettings.Connections>());
            }

            options.ConfigureWarnings(warnings => warnings
                // The migrations are written by hand, without the snapshots that this warning compares the model with.
                .Ignore(RelationalEventId.PendingModelChangesWarning)
                // Two nodes that meet, or a database that is away, are part of the day's work: whoever handles a failure says what it means, and logs it where it is unexpected.
                .Log(
                    (RelationalEventId.CommandError, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug), (RelationalEventId.TransactionError, LogLevel.Debug),
                    (CoreEventId.SaveChangesFailed, LogLevel.Debug), (CoreEventId.QueryIterationFailed, LogLevel.Debug)));
        });
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<DatabaseStartup>();
        services.AddSingleton<LiveStateRebuilder>();
        services.AddSingleton<OutboxPublisher>();
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseStartup>());
        services.AddHostedService(provider => provider.GetRequiredService<LiveStateRebuilder>());
        services.AddHostedService(provider => provider.GetRequiredService<OutboxPublisher>());
        services.AddHealthChecks().AddCheck<LiveStateRebuilder>("live-state", tags: ["ready"]);
        return builder;
    }
}
