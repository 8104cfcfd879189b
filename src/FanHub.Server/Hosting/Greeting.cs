using FanHub.Server.Editors;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FanHub.Server.Hosting;

/// <summary>Says, once it listens, where everything is.</summary>
internal static class Greeting
{
    /// <summary>To the console and not to the log: the admin key is in it.</summary>
    public static void SayWhereItIs(this WebApplication app, Node node, bool demo) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = addresses.FirstOrDefault() ?? "";
        Console.WriteLine();
        Console.WriteLine($"FanHub is listening on {string.Join(", ", addresses)} ({(node.Redis is null ? "embedded" : "with Redis")}{(node is { ServesEditors: true, Postgres: not null } ? " and PostgreSQL" : "")})");
        if (node.ServesFans)
        {
            Console.WriteLine($"  page       {address}/{(demo ? $"?channel={Demo.DemoShow.Channel}" : "")}");
            if (demo)
            {
                Console.WriteLine($"  results    {address}/?channel={Demo.DemoFeed.Prefix}schedule");
            }
        }

        if (node.ServesEditors)
        {
            var key = app.Services.GetRequiredService<BootstrapKey>();
            Console.WriteLine($"  console    {address}/console/");
            Console.WriteLine($"  admin API  {address}/api/v1/admin   described at {address}/openapi/v1.json");
            Console.WriteLine(key switch
            {
                { IsNew: true } => $"  admin key  {key.Key}   (shown this once; kept in {key.Path})",
                { IsKnown: false } => "  admin key  not known yet: the database does not answer",
                { Path: not null } => demo ? $"  admin key  {key.Key}   (kept in {key.Path})" : $"  admin key  kept in {key.Path}",
                { IsConfigured: true } => "  admin key  as configured (FanHub:BootstrapKey)",
                _ => "  admin key  as another editor node made it; its hash is in the database",
            });
        }

        Console.WriteLine();
    });
}
