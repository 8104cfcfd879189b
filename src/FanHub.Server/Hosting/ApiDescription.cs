using FanHub.Server.Fans;
using Microsoft.OpenApi;

namespace FanHub.Server.Hosting;

/// <summary>The OpenAPI document, at <c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    private const string Editor = "editor";
    private const string Fan = FanSessions.Scheme;

    /// <summary>Describes every endpoint; those that need an editor or a fan say so.</summary>
    public static IServiceCollection AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = "FanHub", Version = "v1", Description = "Publishes live results, polls and more to the fans of an event, and takes their answers back." };
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
                document.Components.SecuritySchemes[Editor] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An admin API key." };
                document.Components.SecuritySchemes[Fan] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The token of a fan's session." };
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Microsoft.AspNetCore.Authorization.IAuthorizeData>().FirstOrDefault() is { } needed)
                {
                    var scheme = string.Equals(needed.Policy, Fan, StringComparison.Ordinal) ? Fan : Editor;
                    operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] }];
                }

                return Task.CompletedTask;
            });
        });

    /// <summary>Serves the document.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder app) => app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
}
