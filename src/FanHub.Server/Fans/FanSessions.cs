using System.Globalization;
using System.Security.Claims;
using FanHub.Contracts;
using FanHub.Server.Hosting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FanHub.Server.Fans;

/// <summary>Signs and reads the tokens of anonymous fans. A token names a fan by number and nothing else.</summary>
internal sealed class FanSessions(SessionKey key, IOptions<FanSessionOptions> options, TimeProvider time)
{
    /// <summary>Name of the authentication scheme, and of the policy that asks for it.</summary>
    public const string Scheme = "fan";

    private const string Issuer = "fanhub";
    private const string Audience = "fanhub-fans";

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SymmetricSecurityKey _signingKey = new(key.Tokens);

    /// <summary>What a token must be like to be good now.</summary>
    public TokenValidationParameters Validation => new()
    {
        ValidIssuer = Issuer,
        ValidAudience = Audience,
        IssuerSigningKey = _signingKey,
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        RequireExpirationTime = true,
        ClockSkew = TimeSpan.FromSeconds(30),
        LifetimeValidator = (_, expires, _, parameters) => expires is { } end && end + parameters.ClockSkew > time.GetUtcNow().UtcDateTime,
    };

    /// <summary>Makes a token.</summary>
    public FanSession Issue(long fan)
    {
        var now = time.GetUtcNow();
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + options.Value.Lifetime).ToUnixTimeSeconds());
        var id = fan.ToString(CultureInfo.InvariantCulture);
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { [JwtRegisteredClaimNames.Sub] = id },
            SigningCredentials = new SigningCredentials(_signingKey, SecurityAlgorithms.HmacSha256),
        });
        return new FanSession(token, id, expires);
    }

    /// <summary>Whose token this is, where it is good or has ended only lately; null for any other.</summary>
    public async Task<long?> ReadForRenewalAsync(string token)
    {
        var validation = Validation;
        validation.ClockSkew = options.Value.Renewal;
        var result = await _handler.ValidateTokenAsync(token, validation);
        return result.IsValid && result.Claims.TryGetValue(JwtRegisteredClaimNames.Sub, out var fan)
            && long.TryParse(fan as string, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    /// <summary>The fan and the end of the session, without the token around them: a connection keeps this for as long as it lives.</summary>
    public static ClaimsPrincipal Bare(ClaimsPrincipal user) => new(new FanIdentity(
        user.FindFirstValue(ClaimTypes.NameIdentifier)!, new Claim(JwtRegisteredClaimNames.Exp, user.FindFirstValue(JwtRegisteredClaimNames.Exp)!)));

    /// <summary>The fan's number in a user that was authenticated by <see cref="Scheme"/>.</summary>
    public static long NumberOf(ClaimsPrincipal? user) => user?.Identity is FanIdentity fan ? fan.Number : throw new InvalidOperationException("This user is not a fan.");

    /// <summary>A fan, whose number is asked for several times with every call.</summary>
    private sealed class FanIdentity(string number, Claim expires) : ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, number), expires], Scheme)
    {
        public long Number { get; } = long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}

/// <summary>Teaches the framework's bearer authentication about fans.</summary>
internal sealed class ConfigureFanBearer(FanSessions sessions, ForgottenFans forgotten) : IConfigureNamedOptions<JwtBearerOptions>
{
    /// <inheritdoc/>
    public void Configure(JwtBearerOptions options) => Configure(FanSessions.Scheme, options);

    /// <inheritdoc/>
    public void Configure(string? name, JwtBearerOptions options)
    {
        if (!string.Equals(name, FanSessions.Scheme, StringComparison.Ordinal))
        {
            return;
        }

        options.TokenValidationParameters = sessions.Validation;
        // Nobody asks for the token again, and connections live for hours.
        options.SaveToken = false;
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = context =>
            {
                // Browsers cannot set headers on a WebSocket.
                if (context.Request.Path.StartsWithSegments(HubMethods.Path, StringComparison.Ordinal) && context.Request.Query["access_token"] is [{ Length: > 0 } token])
                {
                    context.Token = token;
                }

                return Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                context.Principal = FanSessions.Bare(context.Principal!);
                if (forgotten.IsForgotten(FanSessions.NumberOf(context.Principal)))
                {
                    context.Fail(new FanForgottenException());
                }

                return Task.CompletedTask;
            },
            OnChallenge = async context =>
            {
                // On the hub alone: elsewhere other schemes have a say too.
                if (context.AuthenticateFailure is SecurityTokenInvalidLifetimeException && context.Request.Path.StartsWithSegments(HubMethods.Path, StringComparison.Ordinal))
                {
                    context.HandleResponse();
                    await ProblemAnswers.WriteAsync(context.HttpContext, Problems.From(new FanHubException(ErrorCodes.SessionExpired, "The session has ended. Renew it with this token, and come back.")));
                }
            },
        };
    }
}
