using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace FanHub.Server.Hosting;

/// <summary>Serves the pages, and the headers that keep browsers from doing more with an answer than they should.</summary>
internal static class Pages
{
    private const string Policy = "default-src 'self'; img-src 'self' https: data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Adds the headers to every answer.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return next(context);
    });

    /// <summary>Serves what the web build left in <c>wwwroot</c>, to fans.</summary>
    public static void UsePages(this WebApplication app, Node node)
    {
        if (!node.ServesFans)
        {
            return;
        }

        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = Cache });
    }

    /// <summary>Scripts and styles are asked for again, but only sent where they changed.</summary>
    private static void Cache(StaticFileResponseContext context) =>
        context.Context.Response.GetTypedHeaders().CacheControl = new CacheControlHeaderValue { NoCache = true };
}
