using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Editors;

/// <summary>Who may use the admin API.</summary>
internal static class EditorAccess
{
    /// <summary>The policy of the admin API.</summary>
    public const string Policy = "editor";

    /// <summary>The role that the policy asks for.</summary>
    public const string Role = "editor";

    /// <summary>Adds keys and the policy. Add schemes to <see cref="EditorSchemes"/> that are to be recognised on the admin API too.</summary>
    public static IServiceCollection AddEditorAccess(this IServiceCollection services)
    {
        services.AddSingleton<BootstrapKey>();
        services.AddHostedService<BootstrapKeyLoader>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, EditorKeyAuthentication>(EditorKeyAuthentication.SchemeName, _ => { });
        services.AddOptions<EditorSchemes>();
        services.AddAuthorization();
        services.AddOptions<AuthorizationOptions>().Configure<IOptions<EditorSchemes>>((authorization, schemes) => authorization.AddPolicy(
            Policy,
            policy => policy.AddAuthenticationSchemes([.. schemes.Value.Names]).RequireAuthenticatedUser().RequireRole(Role)));
        return services;
    }
}

/// <summary>
/// The authentication schemes that are asked on the admin API. One that knows fans belongs here too: who is known, but is no editor, is told <c>forbidden</c>, not
/// <c>unauthorized</c>.
/// </summary>
internal sealed class EditorSchemes
{
    /// <summary>The schemes' names.</summary>
    public ISet<string> Names { get; } = new HashSet<string>(StringComparer.Ordinal) { EditorKeyAuthentication.SchemeName };
}
