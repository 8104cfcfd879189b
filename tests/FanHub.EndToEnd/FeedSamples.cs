using System.Net.Http.Headers;
using System.Text;
using FanHub.Server.Results.Feed;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>The sample messages of one invented final, in the order in which a feed would send them.</summary>
internal static class FeedSamples
{
    /// <summary>The code of the final.</summary>
    public const string Unit = "SWMW100MFR------------FNL-000100--";

    /// <summary>The code of the event.</summary>
    public const string Event = "SWMW100MFR------------------------";

    /// <summary>The feed's key of every server that tests start with one.</summary>
    public const string Key = "0123456789abcdef0123456789abcdef";

    /// <summary>Start list, live, official, correction, invalidation of that, medallists, medallists after the disqualification.</summary>
    public static IReadOnlyList<byte[]> InOrder { get; } =
        [.. Directory.GetFiles(Repository.PathOf("tests", "FanHub.Tests", "Server", "Results", "Samples"), "*.xml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>Settings of a server that takes them.</summary>
    public static Dictionary<string, string?> Settings => new(StringComparer.Ordinal) { ["FanHub:Odf:ApiKey"] = Key, ["FanHub:Odf:Flag"] = "T", ["FanHub:Odf:TimeZone"] = "Europe/Paris" };

    /// <summary>Sends a message, once.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient http, Uri server, byte[] message, bool gzip = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "/api/v1/feeds/odf"));
        request.Headers.Add("X-API-KEY", Key);
        request.Content = new ByteArrayContent(gzip ? PackedContent.Pack(message) : message);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
        if (gzip)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
        }

        return await http.SendAsync(request);
    }

    /// <summary>The final as it stands in another version: a sample with its version, and whatever else, replaced.</summary>
    public static byte[] With(int sample, params (string Old, string New)[] replacements)
    {
        var text = Encoding.UTF8.GetString(InOrder[sample]);
        foreach (var (old, replacement) in replacements)
        {
            text = text.Replace(old, replacement, StringComparison.Ordinal);
        }

        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>A message of another type, at the time of the final.</summary>
    public static byte[] Around(string type, string code, string body) => Encoding.UTF8.GetBytes($"""
        <?xml version="1.0" encoding="UTF-8"?>
        <OdfBody CompetitionCode="OG2024-TEV" DocumentCode="{code}" DocumentType="{type}" Version="1" FeedFlag="T" Date="2024-07-31" Time="203500000" LogicalDate="2024-07-31" Source="PDLSWM1"><Competition>{body}</Competition></OdfBody>
        """);
}
