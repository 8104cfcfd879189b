using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FanHub.Server.Results.Feed;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Tests.Server.Results.Feed;

/// <summary>What a results feed does: puts messages together and posts them.</summary>
internal static class FeedSender
{
    public const string Key = "a-key-of-the-results-feed-000001";

    /// <summary>The configuration of a host that takes a feed.</summary>
    public static Dictionary<string, string?> Settings(params (string Name, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["FanHub:BootstrapKey"] = EditorialHost.Key, ["FanHub:Odf:ApiKey"] = Key };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    /// <summary>A message, with attributes of its header replaced, or left out where they are null.</summary>
    public static string Xml(string inside = "<Competition/>", params (string Name, string? Value)[] with)
    {
        var header = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["CompetitionCode"] = "TEST2026",
            ["DocumentCode"] = "SWMW100MFR------------FNL-000100--",
            ["DocumentType"] = "DT_RESULT",
            ["Version"] = "1",
            ["FeedFlag"] = "P",
            ["Date"] = "2026-07-31",
            ["Time"] = "203000000",
            ["LogicalDate"] = "2026-07-31",
            ["Source"] = "PDLSWM1",
        };
        foreach (var (name, value) in with)
        {
            header[name] = value;
        }

        var attributes = string.Concat(header.Where(a => a.Value is not null).Select(a => $" {a.Key}=\"{a.Value}\""));
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OdfBody{attributes}>{inside}</OdfBody>";
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Gzip(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return output.ToArray();
    }

    public static byte[] Unzip(byte[] bytes)
    {
        using var output = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        gzip.CopyTo(output);
        return output.ToArray();
    }

    /// <summary>A message of so many MB that compresses to a thousandth.</summary>
    public static byte[] Bomb(int megabytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            var whole = Xml("@").Split('@');
            gzip.Write(Bytes(whole[0]));
            var spaces = new byte[1_000_000];
            spaces.AsSpan().Fill((byte)' ');
            for (var i = 0; i < megabytes; i++)
            {
                gzip.Write(spaces);
            }

            gzip.Write(Bytes(whole[1]));
        }

        return output.ToArray();
    }

    public static Task<Reply> FeedAsync(this EditorialHost host, string xml, string? coding = null, string? key = Key) => host.FeedAsync(Bytes(xml), coding, key);

    public static async Task<Reply> FeedAsync(this EditorialHost host, byte[] body, string? coding = null, string? key = Key, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/feeds/odf") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml") { CharSet = "utf-8" };
        request.Headers.TransferEncodingChunked = chunked;
        if (coding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("X-API-KEY", key);
        }

        using var response = await host.Http.SendAsync(request);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Posts a message that is taken.</summary>
    /// <returns>Its number.</returns>
    public static async Task<long> FedAsync(this EditorialHost host, params (string Name, string? Value)[] with)
    {
        var reply = await host.FeedAsync(Xml("<Competition/>", with));
        reply.Status.ShouldBe(200, reply.Content);
        return reply.Message();
    }

    public static long Message(this Reply reply) => reply.Body.GetProperty("message").GetInt64();

    public static Task<List<FeedMessage>> StoredAsync(this EditorialHost host) => host.WithDbAsync(db => db.Set<FeedMessage>().AsNoTracking().OrderBy(m => m.Id).ToListAsync());

    /// <summary>Has come of a message what the test needs, as if it had been looked at.</summary>
    public static Task<bool> SettleAsync(this EditorialHost host, long id, FeedMessageState state, FeedOutcome outcome, DateTimeOffset at, bool flagged = false, string? reason = null, string? defects = null) =>
        host.WithDbAsync(async db =>
        {
            var message = await db.Set<FeedMessage>().SingleAsync(m => m.Id == id);
            message.State = state;
            message.Outcome = outcome;
            message.ProcessedAt = at;
            message.Flagged = flagged;
            message.Reason = reason;
            message.Defects = defects;
            await db.SaveChangesAsync();
            return true;
        });

    public static IEnumerable<long> Ids(this JsonElement page) => page.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("id").GetInt64());
}
