using FanHub.Server.Demo;
using FanHub.Server.Editors;
using FanHub.Server.Exports.Recount;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using FanHub.Server.Live;
using FanHub.Server.Storage;

if (args is [RecountCommand.Name, .. var recount])
{
    // A tool for anybody, that needs no server and no data of one.
    return RecountCommand.Run(recount, Console.Out, Console.Error);
}

return await StartupMistakes.ExplainAsync(async () =>
{
    var demo = args.Contains("--demo", StringComparer.Ordinal);
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = [.. args.Where(a => !string.Equals(a, "--demo", StringComparison.Ordinal))],
        // Settings and the page lie beside the program, wherever it is started from. Data goes to where it is started from.
        ContentRootPath = AppContext.BaseDirectory,
    });

    builder.AddLogs();
    builder.AddListening();
    builder.AddTrustedProxies();
    var node = builder.AddNode();

    if (node.ServesEditors)
    {
        // Before the rest: hosted services start in the order in which they are added, and the database comes first.
        builder.AddStorage(node);
    }

    var redis = await builder.AddLiveSideAsync(node);
    builder.AddHealth();
    builder.AddPages();
    if (node.ServesFans)
    {
        await builder.AddFansAsync(node, redis);
        builder.AddLiveHub(redis);
    }

    if (node.ServesEditors)
    {
        builder.AddEditorial();
    }

    if (demo)
    {
        builder.AddDemo(node);
    }

    var app = builder.Build();

    app.UseTrustedProxies();
    app.UseSecurityHeaders();
    app.UseRequestLog();
    app.UseProblems();
    app.UsePages(node);
    if (node.ServesFans)
    {
        app.UseDrain();
    }

    app.UseAuthentication();
    app.UseAuthorization();
    app.MapHealth();
    if (node.ServesFans)
    {
        app.UseLiveWebSockets();
        app.UseNegotiatedElsewhere();
        app.MapStartSession();
        app.MapFanProfiles();
        app.MapReadChannel();
        app.MapLiveHub();
    }

    if (node.ServesEditors)
    {
        app.MapEditorial();
    }

    app.SayWhereItIs(node, demo);
    IReadOnlyList<BackgroundService> parts = [.. app.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
    await app.RunAsync();
    return parts;
});
