using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using FanHub.Contracts;
using FanHub.Server.Editors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FanHub.Tests.Server.Editors;

public abstract class AdminAccessTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Theory]
    [InlineData(null, 401, ErrorCodes.Unauthorized)]
    [InlineData("Bearer wrong", 401, ErrorCodes.Unauthorized)]
    [InlineData("Bearer ", 401, ErrorCodes.Unauthorized)]
    [InlineData("Basic " + EditorialHost.Key, 401, ErrorCodes.Unauthorized)]
    [InlineData("Bearer " + EditorialHost.Key + "x", 401, ErrorCodes.Unauthorized)]
    [InlineData("Bearer a-fan", 403, ErrorCodes.Forbidden)]
    [InlineData("bearer " + EditorialHost.Key, 200, null)]
    public async Task Only_editors_get_in_and_the_others_are_told_why(string? authorization, int status, string? code)
    {
        await using var host = await StartAsync(services: services =>
        {
            services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, FanScheme>("fan", _ => { });
            services.Configure<EditorSchemes>(schemes => schemes.Names.Add("fan"));
        });
        host.Http.DefaultRequestHeaders.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        var reply = await host.GetAsync("channels");
        reply.Status.ShouldBe(status);
        reply.Code.ShouldBe(code);
        if (status == 401)
        {
            reply.ContentType.ShouldBe("application/problem+json");
            reply.Headers.WwwAuthenticate.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task Without_a_configured_key_one_is_made_once_and_kept_for_the_server_alone()
    {
        var place = await NewPlaceAsync();
        string key;
        await using (var host = await StartAsync(place, settings: []))
        {
            var bootstrap = host.Services.GetRequiredService<BootstrapKey>();
            bootstrap.IsNew.ShouldBeTrue();
            key = bootstrap.Key!;
            (await host.GetAsync("channels")).Status.ShouldBe(401);
            host.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            (await host.GetAsync("channels")).Status.ShouldBe(200);
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(bootstrap.Path!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        await using var again = await StartAsync(place, settings: []);
        again.Services.GetRequiredService<BootstrapKey>().IsNew.ShouldBeFalse();
        again.Services.GetRequiredService<BootstrapKey>().Key.ShouldBe(key);
    }

    private sealed class FanScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            string.Equals(Request.Headers.Authorization, "Bearer a-fan", StringComparison.Ordinal)
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "7")], Scheme.Name)), Scheme.Name))
                : AuthenticateResult.NoResult());
    }
}

public sealed class AdminAccessOnSqlite() : AdminAccessTests(Sqlite);

public sealed class AdminAccessOnPostgres(PostgresFixture postgres) : AdminAccessTests(postgres.NewDatabaseAsync);
