using System.IO.Compression;
using FanHub.LoadTests.Feeds;
using FanHub.Server.Results.Odf;

namespace FanHub.Tests.LoadTests;

public sealed class FeedScriptTests
{
    private static readonly DateTimeOffset Begin = new(2026, 7, 31, 20, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(20_000, false)]
    [InlineData(10_000, true)]
    public void Messages_are_read_by_the_server_without_defects_and_have_the_size_asked_for(int bytes, bool plain)
    {
        var script = FeedScript.Write(Load(bytes, plain), "TEST", Begin);

        foreach (var post in script.StartLists.Concat(script.Results).Concat(script.Medals).Concat(script.Withdrawals))
        {
            var xml = Unpack(post, plain);
            var message = OdfReader.Read(xml, new OdfReading(TimeZoneInfo.Utc, "en"));

            xml.Length.ShouldBe(post.Bytes);
            message.Defects.ShouldBeEmpty();
            message.Header.Version.ShouldBe(post.Step.Version);
            message.Header.ResultStatus.ShouldBe(post.Step.Status);
            message.Header.DocumentCode.Length.ShouldBe(34);
            if (message.Content is OdfTable table)
            {
                post.Bytes.ShouldBeInRange((int)(bytes * 0.9), (int)(bytes * 1.1));
                table.Entries.Count.ShouldBe(script.Units[post.Step.Unit].Entrants.Count);
                table.Entries.ShouldAllBe(e => e.Competitor.Name.Length > 3);
            }
        }
    }

    [Fact]
    public void Messages_of_20_KB_have_between_40_and_60_entries()
    {
        var script = FeedScript.Write(Load(20_000, plain: false), "TEST", Begin);

        script.Units.ShouldAllBe(u => u.Entrants.Count >= 40 && u.Entrants.Count <= 60);
        script.Results.ShouldAllBe(p => p.Body.Length < 5_000);
    }

    [Fact]
    public void Every_version_differs_from_the_one_before()
    {
        var script = FeedScript.Write(Load(5_000, plain: true), "TEST", Begin);

        foreach (var unit in script.Results.GroupBy(p => p.Step.Unit))
        {
            var results = unit.OrderBy(p => p.Step.Version).Select(p => string.Join(' ', ((OdfTable)OdfReader.Read(p.Body, new OdfReading(TimeZoneInfo.Utc, "en")).Content!).Entries.Select(e => e.Competitor.Id + e.Result))).ToList();
            results.Distinct(StringComparer.Ordinal).Count().ShouldBe(results.Count);
        }
    }

    [Fact]
    public void Units_of_two_runs_have_nothing_in_common()
    {
        var codes = new[] { "RUN1", "RUN2" }.SelectMany(run => Enumerable.Range(0, 20).Select(n => new FeedUnit(run, n, organisations: 4))).SelectMany(u => new[] { u.Code, u.Event }).ToList();

        codes.Distinct(StringComparer.Ordinal).Count().ShouldBe(codes.Count);
        codes.ShouldAllBe(c => c.Length == 34);
    }

    [Fact]
    public void Versions_of_a_unit_ascend_without_gaps_and_end_official()
    {
        foreach (var unit in FeedPlan.Make(30, rate: 90, seconds: 20).GroupBy(s => s.Unit))
        {
            var steps = unit.ToList();
            steps.Select(s => s.Version).ShouldBe(Enumerable.Range(2, steps.Count));
            steps[0].Status.ShouldBe("LIVE");
            steps.Count(s => s.Status == "OFFICIAL").ShouldBe(1);
            steps[^1].Status.ShouldBe("OFFICIAL");
        }
    }

    [Fact]
    public void The_rate_is_the_one_asked_for_and_steady()
    {
        var steps = FeedPlan.Make(167, rate: 500, seconds: 20);

        steps.Count.ShouldBeInRange(9_900, 10_100);
        var perSecond = steps.GroupBy(s => (int)s.Due).Where(g => g.Key < 20).Select(g => g.Count()).ToList();
        perSecond.Count.ShouldBe(20);
        perSecond.ShouldAllBe(n => n > 450 && n < 550);
    }

    [Fact]
    public void Units_have_between_two_and_four_versions_a_second()
    {
        var load = Load(20_000, plain: false) with { Rate = 500 };

        var paces = FeedPlan.Make(load.UnitCount, load.Rate, seconds: 20).GroupBy(s => s.Unit).Select(g => g.Count() / 20.0).ToList();

        paces.Min().ShouldBeInRange(1.9, 2.1);
        paces.Max().ShouldBeInRange(3.9, 4.1);
    }

    private static FeedLoad Load(int bytes, bool plain) => new()
    {
        Nodes = [],
        Key = "",
        Flag = 'T',
        Rate = 12,
        Seconds = 1,
        Units = 0,
        Bytes = bytes,
        Organisations = 8,
        Plain = plain,
        Senders = 1,
        Followers = 12,
    };

    private static byte[] Unpack(FeedPost post, bool plain)
    {
        if (plain)
        {
            return post.Body;
        }

        using var gzip = new GZipStream(new MemoryStream(post.Body), CompressionMode.Decompress);
        using var xml = new MemoryStream();
        gzip.CopyTo(xml);
        return xml.ToArray();
    }
}
