using Microsoft.OpenApi;

namespace FanHub.Server.Hosting;

/// <summary>The OpenAPI document, at <c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    private const string Scheme = "editor";

    /// <summary>Describes every endpoint; those that need an editor say so.</summary>
    public static IServiceCollection AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = "FanHub", Version = "v1", Description = "Publishes live results, polls and more to the fans of an event, and takes their answers back." };
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
                document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An admin API key." };
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Microsoft.AspNetCore.Authorization.IAuthorizeData>().Any())
                {
                    operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
                }

                return Task.CompletedTask;
            });
        });

    /// <summary>Serves the document.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder app) => app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
}
