using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Odf;
using FanHub.Testing;
using static FanHub.Tests.Server.Results.Desk.Messages;

namespace FanHub.Tests.Server.Results.Desk;

/// <summary>The messages of one final: start list, live, official, corrected, that withdrawn; medals, and medals after a disqualification.</summary>
public sealed class SampleTests
{
    private const string Key = "result:" + Unit;

    private static readonly OdfMessage[] Samples =
    [
        .. Directory.GetFiles(Repository.PathOf("tests", "FanHub.Tests", "Server", "Results", "Samples"), "*.xml").Order(StringComparer.Ordinal)
            .Select(static file => OdfReader.Read(File.ReadAllBytes(file), new OdfReading(TimeZoneInfo.Utc, "en"))),
    ];

    [Fact]
    public void The_samples_end_alike_in_order_shuffled_and_doubled()
    {
        Samples.Length.ShouldBe(7);
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            OdfMessage[] shuffled = [.. Samples, .. Samples];
            if (round > 0)
            {
                random.Shuffle(shuffled);
            }

            var desk = NewDesk().With(shuffled);
            desk.Compose(Key, previousData: null).ShouldBeNull();
            desk.Table().ShouldBe(["1 BBB 1-0-0", "1 CCC 1-0-0"]);
        }
    }

    [Fact]
    public void The_samples_tell_of_a_tie_a_disqualification_and_a_withdrawal()
    {
        var desk = NewDesk().With(Samples[..3]);
        Ranks(desk).ShouldBe(["1 9000001", "2 9000002", "2 9000003", "- 9000004 DNS"]);
        var before = desk.Json(Key);
        desk.Apply(Samples[3]);
        Ranks(desk).ShouldBe(["1 9000002", "1 9000003", "- 9000001 DSQ", "- 9000004 DNS"]);
        var corrected = desk.Data(Key, before)!.Value;
        corrected.GetProperty("corrected").GetBoolean().ShouldBeTrue();
        corrected.GetProperty("changes").ToString().ShouldBe("""{"fields":["note"],"entries":["9000002","9000003","9000001"]}""");
        desk.Apply(Samples[4]);
        desk.Compose(Key, previousData: null).ShouldBeNull();
        desk.With(Samples[5]).Table().ShouldBe(["1 AAA 1-0-0", "2 BBB 0-1-0", "2 CCC 0-1-0"]);
    }

    private static string[] Ranks(ResultDesk desk) =>
    [
        .. desk.Data(Key)!.Value.GetProperty("entries").EnumerateArray().Select(static e => string.Join(
            ' ',
            new[] { e.TryGetProperty("rank", out var rank) ? rank.ToString() : "-", e.GetProperty("competitor").GetProperty("id").GetString(), e.TryGetProperty("mark", out var mark) ? mark.GetString() : null }.Where(static p => p is not null))),
    ];
}
