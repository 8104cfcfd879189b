using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FanHub.Realtime.Channels;
using FanHub.Server.Results.Board;
using FanHub.Server.Results.Feed;
using FanHub.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Results;

/// <summary>What tests do to a host that takes a feed, and see of it.</summary>
internal static class FeedHosts
{
    public const string FeedKey = "0123456789abcdef0123456789abcdef";
    public const string Code = "SWMW100MFR------------FNL-000100--";
    public const string UnitChannel = "unit.swmw100mfr------------fnl-000100--";
    public const string Result = "result:" + Code;
    public const string Event = "SWMW100MFR------------------------";

    public static Dictionary<string, string?> Settings => new(StringComparer.Ordinal)
    {
        ["FanHub:BootstrapKey"] = EditorialHost.Key,
        ["FanHub:Odf:ApiKey"] = FeedKey,
        ["FanHub:Odf:Flag"] = "T",
    };

    /// <summary>A whole message.</summary>
    public static byte[] Message(string type, long version, string? body, string status = "", string code = Code, string source = "POOL1") => Encoding.UTF8.GetBytes($"""
        <?xml version="1.0" encoding="UTF-8"?>
        <OdfBody CompetitionCode="XG2030" DocumentCode="{code}" DocumentType="{type}" Version="{version}" {(status.Length == 0 ? "" : $"ResultStatus=\"{status}\"")} FeedFlag="T" Date="2030-08-01" Time="203102250" LogicalDate="2030-08-01" Source="{source}">
        {(body is null ? "" : $"<Competition><ExtendedInfos><SportDescription DisciplineName=\"Swimming\" EventName=\"The final\"/></ExtendedInfos>{body}</Competition>")}
        </OdfBody>
        """);

    /// <summary>A result with one line.</summary>
    public static byte[] ResultOf(long version, string status = "LIVE", string time = "52.10", string organisation = "AAA", string code = Code, string source = "POOL1") =>
        Message("DT_RESULT", version, $"<Result Rank=\"1\" ResultType=\"TIME\" Result=\"{time}\" SortOrder=\"1\"><Competitor Code=\"1\" Type=\"A\" Organisation=\"{organisation}\"/></Result>", status, code, source);

    /// <summary>Who won gold.</summary>
    public static byte[] Medallists(long version, string organisation, string code = Event) =>
        Message("DT_MEDALLISTS", version, $"<Medal Code=\"ME_GOLD\"><Competitor Code=\"1\" Type=\"A\" Organisation=\"{organisation}\"/></Medal>", "OFFICIAL", code);

    /// <summary>Sends a message as a feed does.</summary>
    /// <returns>Its number.</returns>
    public static async Task<long> SendFeedAsync(this EditorialHost host, byte[] message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/feeds/odf") { Content = new ByteArrayContent(message) };
        request.Headers.Add("X-API-KEY", FeedKey);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
        using var response = await host.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonElement.Parse(text).GetProperty("message").GetInt64();
    }

    /// <summary>Stores a message past the way in, with whatever is in it.</summary>
    public static Task<long> StoreAsync(this EditorialHost host, string content, string feed = FeedNames.Odf) => host.Services.GetRequiredService<FeedInbox>().StoreAsync(
        new FeedMessage
        {
            Feed = feed,
            ReceivedAt = DateTimeOffset.UtcNow,
            Content = PackedContent.Pack(Encoding.UTF8.GetBytes(content)),
            Size = Encoding.UTF8.GetByteCount(content),
            DocumentKey = "x",
            DocumentType = "DT_RESULT",
            DocumentCode = Code,
            Version = 1,
            Source = "POOL1",
        },
        CancellationToken.None);

    /// <summary>A message as it is kept.</summary>
    public static Task<FeedMessage> MessageAsync(this EditorialHost host, long id) => host.WithDbAsync(db => db.FeedMessages.AsNoTracking().SingleAsync(m => m.Id == id));

    /// <summary>Waits until the message has been dealt with.</summary>
    public static async Task<FeedMessage> DealtAsync(this EditorialHost host, long id)
    {
        await Eventually.TrueAsync(async () => (await host.MessageAsync(id)).State != FeedMessageState.Waiting, $"message {id} is dealt with", TimeSpan.FromSeconds(30));
        return await host.MessageAsync(id);
    }

    /// <summary>Sends a message, and waits until it has been dealt with.</summary>
    public static async Task<FeedMessage> DealAsync(this EditorialHost host, byte[] message) => await host.DealtAsync(await host.SendFeedAsync(message));

    /// <summary>Waits until nothing waits, and every channel has just what the board shows.</summary>
    public static async Task LevelAsync(this EditorialHost host, IChannelLog? log = null)
    {
        var seen = "";
        await Eventually.TrueAsync(
            async () => (seen = string.Join('\n', await DifferencesAsync(host, log ?? host.Log))).Length == 0, "board and channels agree", TimeSpan.FromSeconds(30));
        seen.ShouldBeEmpty();
    }

    /// <summary>The unit's updates in a channel's log, each in a few words.</summary>
    public static async Task<IReadOnlyList<string>> ToldAsync(this IChannelLog log, string channel, string member, string key = Result) =>
    [
        .. ((await log.ReadAsync(channel))?.Logged ?? []).Where(e => e.Item.Key == key)
            .Select(e => e.Item.Removes ? "gone" : JsonElement.Parse(e.Item.Data.Span).GetProperty(member).ToString()),
    ];

    /// <summary>What a channel holds under a key; null where nothing.</summary>
    public static async Task<JsonElement?> HeldAsync(this IChannelLog log, string channel, string key) =>
        (await log.ReadAsync(channel))?.Items.SingleOrDefault(e => e.Item.Key == key && !e.Item.Removes) is { } entry ? JsonElement.Parse(entry.Item.Data.Span) : null;

    private static async Task<IReadOnlyList<string>> DifferencesAsync(EditorialHost host, IChannelLog log)
    {
        if (await host.WithDbAsync(db => db.FeedMessages.AnyAsync(m => m.State == FeedMessageState.Waiting)))
        {
            return ["messages wait"];
        }

        var places = await host.WithDbAsync(db => db.BoardPlaces.AsNoTracking().Join(db.BoardItems.AsNoTracking(), p => p.Key, i => i.Key, (p, i) => new { p.Channel, Item = i }).ToListAsync());
        var differences = new List<string>();
        foreach (var place in places)
        {
            var expected = BoardUpdate.Of(place.Item).On(place.Channel, "en");
            var held = (await log.ReadAsync(place.Channel))?.Items.SingleOrDefault(e => e.Item.Key == place.Item.Key)?.Item;
            if (held is null or { Removes: true } ? !expected.Removes : held.Version != expected.Version || expected.Removes || !held.Data.Span.SequenceEqual(expected.Data.Span))
            {
                differences.Add($"{place.Channel} {place.Item.Key}: {held?.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"}, not {expected.Version}");
            }
        }

        return differences;
    }
}
