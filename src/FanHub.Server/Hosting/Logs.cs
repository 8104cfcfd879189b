using Serilog;
using Serilog.Events;

namespace FanHub.Server.Hosting;

/// <summary>What is logged, and what never is: query strings, headers and bodies, for tokens travel in them.</summary>
internal static partial class Logs
{
    /// <summary>Logs to the console, and to wherever the configuration section <c>Serilog</c> says.</summary>
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            // The framework's own request messages carry the query string.
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LogEventLevel.Warning)
            // What clients do wrong is told to them, not to us; what goes wrong in a hub method is logged where it is turned into an answer.
            .MinimumLevel.Override("Microsoft.AspNetCore.SignalR", LogEventLevel.Fatal)
            // Whoever asks is told; asked every second, an outage would fill the log.
            .MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LogEventLevel.Fatal)
            .MinimumLevel.Override("FanHub.Server.Editors.EditorKeyAuthentication", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}", formatProvider: System.Globalization.CultureInfo.InvariantCulture)
            .ReadFrom.Configuration(builder.Configuration)
            .CreateLogger();
        builder.Logging.ClearProviders();
        // Also for what happens before there is a host.
        Log.Logger = logger;
        builder.Logging.AddSerilog(logger, dispose: true);
    }

    /// <summary>One line for each call of the admin API: method, path, status, time. The framework's own takes six.</summary>
    public static void UseRequestLog(this IApplicationBuilder app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api/v1/admin", StringComparison.Ordinal), admin => admin.Use(async (context, next) =>
        {
            var time = context.RequestServices.GetRequiredService<TimeProvider>();
            var start = time.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("FanHub.Server.AdminApi");
                Called(logger, context.Request.Method, context.Request.Path, context.Response.StatusCode, time.GetElapsedTime(start).TotalMilliseconds);
            }
        }));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Path} answered {Status} in {Elapsed:0.0} ms")]
    private static partial void Called(Microsoft.Extensions.Logging.ILogger logger, string method, PathString path, int status, double elapsed);
}
