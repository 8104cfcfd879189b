using System.Net.Sockets;
using System.Text;
using FanHub.Contracts;
using FanHub.Server.Results.Feed;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Results.Feed;

public abstract class ReceiveMessageTests(Func<Task<string?>> newDatabase) : FeedTests(newDatabase)
{
    private const string Entities =
        "<!DOCTYPE OdfBody [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>";

    public static TheoryData<string, string> Refused => new()
    {
        { "nothing", "" },
        { "no XML", "{\"result\":1}" },
        { "a page", "<html><body>404</body></html>" },
        { "half a tag", "<OdfBody CompetitionCode=\"T" },
        { "a document type", FeedSender.Xml().Replace("<OdfBody", "<!DOCTYPE OdfBody SYSTEM \"http://localhost:1/x.dtd\"><OdfBody", StringComparison.Ordinal) },
        { "an entity bomb", FeedSender.Xml("&c;", ("Source", "&c;")).Replace("<OdfBody", Entities + "<OdfBody", StringComparison.Ordinal) },
        { "a version that is no number", FeedSender.Xml("", ("Version", "one")) },
        { "version 0", FeedSender.Xml("", ("Version", "0")) },
        { "a version beyond counting", FeedSender.Xml("", ("Version", "99999999999999999999")) },
        { "a flag that means nothing", FeedSender.Xml("", ("FeedFlag", "X")) },
        { "a date that is none", FeedSender.Xml("", ("Date", "yesterday")) },
        { "a byte that is no UTF-8", FeedSender.Xml("", ("Source", "PDL\u00ff")) },
        { "the same, declared as UTF-16", FeedSender.Xml("", ("Source", "PDL\u00ff")).Replace("UTF-8", "UTF-16", StringComparison.Ordinal) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_could_never_be_dealt_with_is_refused_and_not_kept(string what, string body)
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        // One byte a character: above ASCII, this is no UTF-8.
        var bytes = Encoding.Latin1.GetBytes(body);
        foreach (var gzip in (bool[])[false, true])
        {
            var reply = await host.FeedAsync(gzip ? FeedSender.Gzip(bytes) : bytes, gzip ? "gzip" : null);
            reply.Status.ShouldBe(400, $"{what}: {reply.Content}");
            reply.Code.ShouldBe(ErrorCodes.Invalid);
        }

        (await host.StoredAsync()).ShouldBeEmpty();
        host.Logs.Errors.ShouldBeEmpty();
        host.Logs.Lines.Count(l => l.Contains("was not taken in", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [InlineData("CompetitionCode")]
    [InlineData("DocumentCode")]
    [InlineData("DocumentType")]
    [InlineData("Version")]
    [InlineData("FeedFlag")]
    [InlineData("Date")]
    [InlineData("Time")]
    [InlineData("LogicalDate")]
    [InlineData("Source")]
    public async Task A_header_without_what_it_has_to_have_is_refused_by_name(string attribute)
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        foreach (var value in (string?[])[null, ""])
        {
            var reply = await host.FeedAsync(FeedSender.Xml("", (attribute, value)));
            reply.Status.ShouldBe(400, reply.Content);
            reply.Content.ShouldContain(attribute);
        }

        (await host.StoredAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("P", "T")]
    [InlineData("T", "P")]
    public async Task A_feed_takes_the_messages_that_it_is_for_and_says_which(string accepted, string other)
    {
        await using var host = await StartAsync(settings: FeedSender.Settings(("FanHub:Odf:Flag", accepted)));
        var refused = await host.FeedAsync(FeedSender.Xml("", ("FeedFlag", other)));
        refused.Status.ShouldBe(403, refused.Content);
        refused.Code.ShouldBe(ErrorCodes.Forbidden);
        refused.Content.ShouldContain($"FeedFlag {accepted}");
        (await host.StoredAsync()).ShouldBeEmpty();
        await host.FedAsync(("FeedFlag", accepted));
    }

    [Fact]
    public async Task A_message_is_stored_as_it_came_with_what_its_header_says()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var xml = FeedSender.Bytes(FeedSender.Xml("<Competition><Result Rank=\"1\"/>é</Competition>", ("Version", "7"), ("Language", "FRA")));
        var zipped = FeedSender.Gzip(xml);
        var plain = await host.FeedAsync(xml);
        var gzip = await host.FeedAsync(zipped, "gzip");
        plain.Status.ShouldBe(200, plain.Content);
        gzip.Status.ShouldBe(200, gzip.Content);
        var stored = await host.StoredAsync();
        stored.Select(m => m.Id).ShouldBe([plain.Message(), gzip.Message()]);
        stored[1].Content.ShouldBe(zipped);
        foreach (var message in stored)
        {
            FeedSender.Unzip(message.Content).ShouldBe(xml);
            message.Size.ShouldBe(xml.Length);
            message.Feed.ShouldBe(FeedNames.Odf);
            message.DocumentCode.ShouldBe("SWMW100MFR------------FNL-000100--");
            message.DocumentType.ShouldBe("DT_RESULT");
            message.DocumentKey.ShouldBe("TEST2026|SWMW100MFR------------FNL-000100--||DT_RESULT||FRA");
            message.Version.ShouldBe(7);
            message.Source.ShouldBe("PDLSWM1");
            (DateTimeOffset.UtcNow - message.ReceivedAt).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task What_follows_the_header_is_not_looked_at_before_it_is_stored()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        (await host.FeedAsync(FeedSender.Xml()[..^20])).Status.ShouldBe(200);
        (await host.FeedAsync(FeedSender.Xml("", ("DocumentType", "DT_UNHEARD_OF")))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a-key-of-the-results-feed-000002")]
    [InlineData("a-key-of-the-results-feed-0000011")]
    [InlineData("A-KEY-OF-THE-RESULTS-FEED-000001")]
    [InlineData("a-key-for-tests-only")]
    public async Task Without_the_key_nothing_is_taken(string? key)
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var refused = await host.FeedAsync(FeedSender.Xml(), key: key);
        refused.Status.ShouldBe(401, refused.Content);
        refused.Code.ShouldBe(ErrorCodes.Unauthorized);
        (await host.StoredAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Where_no_key_is_configured_there_is_no_feed(string? configured)
    {
        await using var host = await StartAsync(settings: FeedSender.Settings(("FanHub:Odf:ApiKey", configured)));
        foreach (var key in (string?[])[null, "", FeedSender.Key])
        {
            var refused = await host.FeedAsync(FeedSender.Xml(), key: key);
            refused.Status.ShouldBe(404, refused.Content);
            refused.Code.ShouldBe(ErrorCodes.NotFound);
        }
    }

    [Fact]
    public async Task A_wrong_key_is_refused_before_the_body_comes()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        using var client = new TcpClient();
        await client.ConnectAsync(host.Http.BaseAddress!.Host, host.Http.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /api/v1/feeds/odf HTTP/1.1\r\nHost: x\r\nX-API-KEY: wrong\r\nContent-Length: 1000\r\n\r\n"));
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe("HTTP/1.1 401 Unauthorized");
    }

    [Fact]
    public async Task The_editors_key_does_not_open_the_feed_nor_the_feeds_key_the_admin_api()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        (await host.FeedAsync(FeedSender.Xml(), key: EditorialHost.Key)).Status.ShouldBe(401);
        host.Http.DefaultRequestHeaders.Authorization = null;
        (await host.SendAsync(HttpMethod.Get, "feeds/messages", null, ("X-API-KEY", FeedSender.Key))).Status.ShouldBe(401);
        await host.FedAsync();
    }

    [Fact]
    public async Task Two_hundred_megabytes_that_gzip_to_a_thousandth_are_refused_and_not_kept()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var refused = await host.FeedAsync(FeedSender.Bomb(200), "gzip");
        refused.Status.ShouldBe(413, refused.Content);
        refused.Code.ShouldBe(ErrorCodes.TooLarge);
        (await host.StoredAsync()).ShouldBeEmpty();
        await host.FedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_above_the_bound_is_refused_with_or_without_a_length(bool chunked)
    {
        await using var host = await StartAsync(settings: FeedSender.Settings(("FanHub:Odf:MaxMessageBytes", "65536")));
        var refused = await host.FeedAsync(FeedSender.Bytes(FeedSender.Xml(new string(' ', 65536))), chunked: chunked);
        refused.Status.ShouldBe(413, refused.Content);
        refused.Code.ShouldBe(ErrorCodes.TooLarge);
        (await host.StoredAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_may_be_larger_than_what_the_server_takes_elsewhere()
    {
        await using var host = await StartAsync(
            settings: FeedSender.Settings(), services: services => services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = 1024 * 1024));
        var xml = FeedSender.Bytes(FeedSender.Xml(new string(' ', 9 * 1024 * 1024)));
        (await host.FeedAsync(xml)).Status.ShouldBe(200);
        (await host.FeedAsync(xml, chunked: true)).Status.ShouldBe(200);
        (await host.StoredAsync()).Select(m => m.Size).ShouldBe([xml.Length, xml.Length]);
    }

    [Fact]
    public async Task Gzip_that_was_cut_short_is_refused()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var body = FeedSender.Gzip(FeedSender.Bytes(FeedSender.Xml(string.Concat(Enumerable.Range(0, 5000)))));
        foreach (var length in (int[])[0, 5, body.Length / 2, body.Length - 9, body.Length - 1])
        {
            var refused = await host.FeedAsync(body[..length], "gzip");
            refused.Status.ShouldBe(400, $"{length}: {refused.Content}");
            refused.Code.ShouldBe(ErrorCodes.Invalid);
        }

        (await host.FeedAsync(FeedSender.Xml(), "gzip")).Status.ShouldBe(400);
        (await host.FeedAsync(body)).Status.ShouldBe(400);
        (await host.StoredAsync()).ShouldBeEmpty();
        host.Logs.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public async Task Another_coding_is_not_undone(string coding)
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        (await host.FeedAsync(FeedSender.Xml(), coding)).Status.ShouldBe(415);
    }

    [Fact]
    public async Task A_hundred_messages_at_once_are_each_stored_once()
    {
        await using var host = await StartAsync(settings: FeedSender.Settings());
        var replies = await Task.WhenAll(Enumerable.Range(1, 100).Select(async i =>
        {
            var xml = FeedSender.Bytes(FeedSender.Xml(new string('x', 20_000), ("Version", $"{i}")));
            var reply = await host.FeedAsync(i % 2 == 0 ? FeedSender.Gzip(xml) : xml, i % 2 == 0 ? "gzip" : null);
            reply.Status.ShouldBe(200, reply.Content);
            return (Id: reply.Message(), Version: (long)i);
        }));
        (await host.StoredAsync()).Select(m => (m.Id, m.Version)).ShouldBe(replies.OrderBy(r => r.Id));
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart()
    {
        var place = await NewPlaceAsync();
        long id;
        await using (var host = await StartAsync(place, settings: FeedSender.Settings()))
        {
            id = await host.FedAsync();
        }

        await using var again = await StartAsync(place, settings: FeedSender.Settings());
        (await again.StoredAsync()).Single().Id.ShouldBe(id);
    }
}

public sealed class ReceiveMessageOnSqlite() : ReceiveMessageTests(Sqlite);

public sealed class ReceiveMessageOnPostgres(PostgresFixture postgres) : ReceiveMessageTests(postgres.NewDatabaseAsync);
