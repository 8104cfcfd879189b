using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Server.Fans;
using FanHub.Testing;
using Microsoft.Extensions.Options;

namespace FanHub.EndToEnd;

/// <summary>Sessions end; fans do not notice more of it than they must.</summary>
public sealed class SessionExpiryTests
{
    private static readonly string SigningKey = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    [Fact]
    public async Task A_connection_whose_session_ends_is_told_so_and_closed()
    {
        await using var server = await FanHubProcess.StartNewAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:Sessions:Lifetime"] = "00:00:02" });
        await using var fan = await RawFan.ConnectAsync(server.Address);
        var notice = await fan.WaitForPushAsync(m => RawFan.IsCall(m, HubMethods.Notice));
        notice.GetProperty("arguments")[0].GetProperty("code").GetString().ShouldBe(NoticeCodes.SessionExpired);
        await fan.WaitForCloseAsync();
    }

    [Fact]
    public async Task A_token_that_has_ended_opens_nothing_but_gets_the_same_fan_another_one()
    {
        await using var server = await FanHubProcess.StartNewAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:Sessions:SigningKey"] = SigningKey });
        var lastWeek = new FanSessions(SessionKey.FromConfiguration(SigningKey), Options.Create(new FanSessionOptions()), new FixedTime(DateTimeOffset.UtcNow.AddDays(-7)));
        var ended = lastWeek.Issue(4711);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ended.Token);

        using var refused = await http.PostAsync(new Uri(server.Address, "/hubs/live/negotiate?negotiateVersion=1"), content: null);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync()).GetProperty("code").GetString().ShouldBe(ErrorCodes.SessionExpired);

        using var renewed = await http.PostAsync(new Uri(server.Address, "/api/v1/fans/session"), content: null);
        var session = JsonSerializer.Deserialize<FanSession>(await renewed.Content.ReadAsStringAsync(), WireJson.Options)!;
        session.Fan.ShouldBe("4711");
        await using var fan = await RawFan.ConnectAsync(server.Address, session.Token);

        // Long enough ago, it is a stranger's.
        var lastYear = new FanSessions(SessionKey.FromConfiguration(SigningKey), Options.Create(new FanSessionOptions()), new FixedTime(DateTimeOffset.UtcNow.AddDays(-365)));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", lastYear.Issue(4711).Token);
        using var tooLate = await http.PostAsync(new Uri(server.Address, "/api/v1/fans/session"), content: null);
        tooLate.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
