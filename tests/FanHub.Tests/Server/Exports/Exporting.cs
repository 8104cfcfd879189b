using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using FanHub.Server.Ballots;
using FanHub.Server.Exports.Recount;
using FanHub.Server.Fans;
using FanHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Exports;

/// <summary>What tests of exports do over and over.</summary>
internal static class Exporting
{
    /// <summary>Casts ballots, with options and moments that matter.</summary>
    public static async Task CastAsync(this EditorialHost host, string box, int options, params (long Fan, ulong Choices, long ElapsedMs, long CreditMs)[] ballots)
    {
        var results = await host.Box.CastAsync(
            box, new BallotRules(options, Changeable: false), [.. ballots.Select(b => new Ballot(b.Fan, new StoredBallot(b.Choices, (uint)b.Fan, b.ElapsedMs, b.CreditMs)))]);
        results.ShouldAllBe(r => r.Status == CastStatus.Accepted);
    }

    /// <summary>Takes steps of whatever it is, and waits for each to reach fans.</summary>
    public static async Task TellAsync(this EditorialHost host, string path, params string[] steps)
    {
        foreach (var step in steps)
        {
            var reply = await host.PostAsync($"{path}/{step}");
            reply.Status.ShouldBe(200, $"{step}: {reply.Content}");
            await host.PublishedAsync();
        }
    }

    /// <summary>Makes the channel <c>c</c>, and something in it.</summary>
    public static async Task<string> MakeAsync(this EditorialHost host, string resource, object body)
    {
        (await host.PutAsync("channels/c", Bodies.Channel)).Status.ShouldBeOneOf(200, 201);
        var reply = await host.PostAsync(resource, body);
        reply.Status.ShouldBe(201, reply.Content);
        return reply.Id;
    }

    /// <summary>Exports, once points are given.</summary>
    public static async Task<string> ExportAsync(this EditorialHost host, string path, string format)
    {
        Reply? reply = null;
        await Eventually.TrueAsync(async () => (reply = await host.GetAsync($"{path}/export?format={format}")).Status != 409 || !reply.Content.Contains("just now", StringComparison.Ordinal), "points are given");
        reply!.Status.ShouldBe(200, reply.Content);
        return reply.Content;
    }

    /// <summary>The receipt that the fan got.</summary>
    public static async Task<string> ReceiptAsync(this EditorialHost host, string box, int options, long fan) =>
        new Receipts(await host.Services.GetRequiredService<SecretKeys>().FindAsync()).For(box, fan, (await host.Box.FindBallotAsync(box, options, fan))!.Value);

    /// <summary>The digest of a receipt, as the export has it.</summary>
    public static string DigestOf(string receipt) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(receipt)));

    /// <summary>Counts an export again, as anybody would who got the file.</summary>
    public static Recounted Recount(string export, params string[] arguments)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, export);
            using var output = new StringWriter();
            using var errors = new StringWriter();
            return new Recounted(RecountCommand.Run([file, .. arguments], output, errors), output.ToString(), errors.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Counts it again, and expects it to be as it says.</summary>
    public static Recounted ShouldBeRight(this string export, params string[] arguments)
    {
        var recounted = Recount(export, arguments);
        recounted.Code.ShouldBe(0, $"{recounted.Output}{recounted.Errors}\n{export}");
        recounted.Output.ShouldContain("RECOUNT OK");
        return recounted;
    }

    /// <summary>Counts it again, and expects it to be found out.</summary>
    public static void ShouldBeWrong(this string export, string about)
    {
        var recounted = Recount(export);
        recounted.Code.ShouldBe(1, $"{about}: {recounted.Output}{recounted.Errors}");
        recounted.Output.ShouldNotContain("RECOUNT OK");
        recounted.Output.ShouldContain($"DIFFERENT: {about}");
    }

    /// <summary>An editor's client for answers that are read while they come.</summary>
    public static HttpRequestMessage ExportRequest(string path) => new(HttpMethod.Get, $"/api/v1/admin/{path}") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", EditorialHost.Key) } };

    /// <summary>All ballots of an export in JSON.</summary>
    public static IEnumerable<JsonElement> Ballots(string export) => JsonElement.Parse(export).GetProperty("questions").EnumerateArray().SelectMany(q => q.GetProperty("ballots").EnumerateArray());
}

internal sealed record Recounted(int Code, string Output, string Errors);
