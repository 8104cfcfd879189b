using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace FanHub.Server.Hosting;

/// <summary>Serves the pages, and the headers that keep browsers from doing more with an answer than they should.</summary>
internal static class Pages
{
    private const string Console = "/console";
    private const string Assets = "/assets";
    private const string Policy = "default-src 'self'; img-src 'self' https: data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Lets scripts, styles and snapshots travel compressed. All of them are public: there is no secret in them for an eavesdropper to guess by their size.</summary>
    public static void AddPages(this WebApplicationBuilder builder) => builder.Services.AddResponseCompression(options =>
    {
        options.EnableForHttps = true;
        options.MimeTypes = ["text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"];
    });

    /// <summary>Adds the headers to every answer, also to those that an error handler begins anew.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state => AddHeaders((HttpContext)state), context);
        return next(context);
    });

    /// <summary>Serves what the web build left in <c>wwwroot</c>: to fans what is at the root, to editors what is in <c>console</c>.</summary>
    public static void UsePages(this WebApplication app, Node node) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(Console, StringComparison.OrdinalIgnoreCase) ? node.ServesEditors : node.ServesFans,
        here =>
        {
            here.UseWhen(
                context => HttpMethods.IsGet(context.Request.Method) && !context.Request.Headers.ContainsKey(HeaderNames.Authorization) && !context.Request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal),
                anonymous => anonymous.UseResponseCompression());
            here.UseDefaultFiles();
            here.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = Cache });
        });

    private static Task AddHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return Task.CompletedTask;
    }

    /// <summary>The names of scripts and styles have their content's hash in them: they never change. The page is asked for again, but only sent where it changed.</summary>
    private static void Cache(StaticFileResponseContext context) =>
        context.Context.Response.GetTypedHeaders().CacheControl = IsAsset(context.Context.Request.Path)
            ? new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromDays(365), Extensions = { new NameValueHeaderValue("immutable") } }
            : new CacheControlHeaderValue { NoCache = true };

    private static bool IsAsset(PathString path) =>
        path.StartsWithSegments(Assets, StringComparison.Ordinal) || path.StartsWithSegments(Console + Assets, StringComparison.Ordinal);
}
