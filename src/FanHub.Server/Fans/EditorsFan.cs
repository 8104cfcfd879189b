using FanHub.Contracts;
using FanHub.Server.Hosting;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Fans;

/// <summary>
/// Under which number an editor takes part as a fan: the console sends the fan token that its device holds along, in <c>X-Fan-Token</c>. Only what is presented is known: somebody
/// who takes part from another device is not found out.
/// </summary>
internal static class EditorsFan
{
    private const string Header = "X-Fan-Token";

    /// <summary>The fan's number; null where no token is presented.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>: the token is none of this service's.</exception>
    public static async Task<long?> FindAsync(HttpContext context)
    {
        if (context.Request.Headers[Header] is not [{ Length: > 0 } token])
        {
            return null;
        }

        var services = context.RequestServices;
        var sessions = new FanSessions(await services.GetRequiredService<SecretKeys>().FindAsync(), services.GetRequiredService<IOptions<FanSessionOptions>>(), services.GetRequiredService<TimeProvider>());
        return await sessions.ReadForRenewalAsync(token) ?? throw new FanHubException(ErrorCodes.Invalid, $"{Header} is no token of this service.");
    }
}
