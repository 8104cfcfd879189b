using System.Net;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>A results feed reaches fans: whatever order it comes in, the same in the end, and never an older version after a newer one.</summary>
public sealed class FeedTests
{
    private const string Table = "medals:table";
    private static readonly int[] All = [0, 1, 2, 3, 4, 5, 6];

    [Fact]
    public async Task The_samples_in_order_tell_the_story_of_the_final()
    {
        await using var stage = await Stage.StartAsync();
        await stage.PostAsync(0);
        await stage.SeesAsync(f => f.Result?.GetProperty("status").GetString() == "start_list", "the start list");
        await stage.PostAsync(1);
        await stage.SeesAsync(f => f.Result?.GetProperty("status").GetString() == "live", "the race");

        await stage.PostAsync(2);
        await stage.SeesAsync(f => f.Result?.GetProperty("status").GetString() == "official", "the result");
        var official = stage.Result!.Value;
        official.GetProperty("title").GetString().ShouldBe("Women's 100m Freestyle Final");
        official.GetProperty("at").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2024, 7, 31, 20, 34, 20, TimeSpan.FromHours(2)));
        official.GetProperty("version").GetInt64().ShouldBe(3);
        var entries = official.GetProperty("entries").EnumerateArray().ToList();
        entries.Select(e => e.TryGetProperty("rank", out var rank) ? rank.GetInt32() : 0).ShouldBe([1, 2, 2, 0]);
        entries[1].GetProperty("competitor").GetProperty("name").GetString().ShouldBe("Bea Bravo");
        entries[1].GetProperty("competitor").GetProperty("organisation").GetString().ShouldBe("BBB");
        entries[1].GetProperty("result").GetString().ShouldBe("52.33");
        entries[1].GetProperty("rankEqual").GetBoolean().ShouldBeTrue();
        entries[3].GetProperty("mark").GetString().ShouldBe("DNS");
        official.GetProperty("changes").GetProperty("fields").EnumerateArray().Select(f => f.GetString()!).ShouldContain("status");
        official.GetProperty("changes").GetProperty("entries").GetArrayLength().ShouldBe(4);
        official.TryGetProperty("corrected", out _).ShouldBeFalse();

        await stage.PostAsync(5);
        await stage.SeesAsync(f => f.Fan.Item("medals", Table) is not null, "the medals");
        stage.Medals().ShouldBe(["1 AAA 1 0 0 1", "2 BBB 0 1 0 1", "2 CCC 0 1 0 1"]);

        await stage.PostAsync(3);
        await stage.SeesAsync(f => f.Result?.GetProperty("version").GetInt64() == 4, "the correction");
        stage.Result!.Value.GetProperty("corrected").GetBoolean().ShouldBeTrue();
        stage.Result!.Value.GetProperty("note").GetString().ShouldStartWith("ALPHA Ana (AAA) has been disqualified");

        await stage.PostAsync(6);
        await stage.SeesAsync(f => f.Fan.Item("medals", Table)?.TryGetProperty("corrected", out _) == true, "that medals have moved");
        stage.Medals().ShouldBe(["1 BBB 1 0 0 1", "1 CCC 1 0 0 1"]);
        var table = stage.Fan.Item("medals", Table)!.Value;
        table.GetProperty("changes").EnumerateArray().Select(o => o.GetString()!).Order(StringComparer.Ordinal).ShouldBe(["AAA", "BBB", "CCC"]);
        table.GetProperty("note").GetString()!.ShouldContain("Two gold medals awarded");

        await stage.PostAsync(4);
        await stage.SeesAsync(f => f.Result is null, "that the result was withdrawn");
        stage.Fan.Item("sport.swm", $"result:{FeedSamples.Unit}").ShouldBeNull();
        stage.Fan.Item("noc.bbb", $"result:{FeedSamples.Unit}").ShouldBeNull();
        stage.Fan.Regressions.ShouldBeEmpty();
        stage.Server.Process.Output.ShouldNotContain(" ERR ");
    }

    [Theory]
    [InlineData("shuffled", 1)]
    [InlineData("shuffled", 2)]
    [InlineData("shuffled", 3)]
    [InlineData("backwards", 0)]
    [InlineData("doubled", 0)]
    [InlineData("doubled and shuffled", 4)]
    [InlineData("gzipped", 0)]
    [InlineData("all at once", 5)]
    public async Task However_the_samples_come_the_state_in_the_end_is_the_same(string how, int seed)
    {
        await using var stage = await Stage.StartAsync();
        await stage.PostInTurnAsync(All);
        var expected = stage.Fan.State();
        expected.ShouldContain("medals:table");

        await using var other = await Stage.StartAsync();
        var random = new Random(seed);
        int[] order = how switch
        {
            "backwards" => [.. All.Reverse()],
            "doubled" => [.. All.SelectMany(s => (int[])[s, s])],
            "doubled and shuffled" => [.. All.Concat(All).OrderBy(_ => random.Next())],
            "gzipped" => All,
            _ => [.. All.OrderBy(_ => random.Next())],
        };
        if (how == "all at once")
        {
            await Task.WhenAll(order.Select(s => other.PostAsync(s)));
        }
        else
        {
            foreach (var sample in order)
            {
                await other.PostAsync(sample, gzip: how == "gzipped");
            }
        }

        await other.SettledAsync();
        await Eventually.TrueAsync(() => other.Fan.State() == expected, $"{string.Join(' ', order)} ends like the messages in order:\n{expected}\nbut:\n{other.Fan.State()}");
        other.Fan.Regressions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task With_the_last_one_missing_every_order_ends_alike_too_and_it_mends_that_when_it_comes(int seed)
    {
        await using var stage = await Stage.StartAsync();
        await stage.PostInTurnAsync(All[..6]);
        var without = stage.Fan.State();
        stage.Medals().ShouldBe(["1 AAA 1 0 0 1", "2 BBB 0 1 0 1", "2 CCC 0 1 0 1"]);
        await stage.PostInTurnAsync([6]);
        var whole = stage.Fan.State();

        await using var other = await Stage.StartAsync();
        var random = new Random(seed);
        await other.PostInTurnAsync([.. All[..6].OrderBy(_ => random.Next())]);
        await Eventually.TrueAsync(() => other.Fan.State() == without, "it ends like the messages in order");
        await other.PostInTurnAsync([6]);
        await Eventually.TrueAsync(() => other.Fan.State() == whole, "the last one makes up for it");
        other.Fan.Regressions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_is_killed_at_any_moment_loses_no_message_that_it_acknowledged()
    {
        const int Units = 12;
        const int Versions = 40;
        await using var stage = await Stage.StartAsync();
        var acknowledged = new int[Units];
        using var stop = new CancellationTokenSource();
        var sending = Enumerable.Range(0, Units).Select(async unit =>
        {
            for (var version = 1; version <= Versions; version++)
            {
                // A feed sends again until it is told 200.
                await Eventually.GetAsync(
                    async () =>
                    {
                        using var response = await stage.SendAsync(Version(unit, version), stop.Token);
                        return response.StatusCode == HttpStatusCode.OK ? true : throw new HttpRequestException(response.StatusCode.ToString());
                    },
                    TimeSpan.FromSeconds(30));
                acknowledged[unit] = version;
            }
        }).ToList();
        for (var death = 1; death <= 4; death++)
        {
            var soFar = Units * Versions * death / 5;
            await Eventually.TrueAsync(() => acknowledged.Sum() >= soFar, "messages are acknowledged", TimeSpan.FromSeconds(60));
            await stage.Server.KillAsync();
            await stage.Server.StartAsync();
        }

        await Task.WhenAll(sending);
        await stage.SettledAsync();
        for (var unit = 0; unit < Units; unit++)
        {
            var key = $"result:{Code(unit)}";
            await Eventually.TrueAsync(
                () => stage.Fan.Item("sport.swm", key)?.GetProperty("version").GetInt64() == Versions, $"{key} is at its last version", TimeSpan.FromSeconds(30));
        }

        stage.Fan.Regressions.ShouldBeEmpty();
        var stored = (await stage.Editor.SendAsync(HttpMethod.Get, "feeds/status", body: null)).GetProperty("types").GetProperty("DT_RESULT").GetInt64();
        stored.ShouldBeGreaterThanOrEqualTo(Units * Versions);
    }

    private static string Code(int unit) => FeedSamples.Unit.Replace("FNL-0001", $"FNL-{unit:0000}", StringComparison.Ordinal);

    private static byte[] Version(int unit, int version) => FeedSamples.With(2, (FeedSamples.Unit, Code(unit)), ("Version=\"3\"", $"Version=\"{version}\""), ("52.10", $"52.{version:00}"));

    /// <summary>A server, and a fan of the final.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private readonly HttpClient _http = new();

        private Stage(FanHubProcess server)
        {
            Server = server;
            Editor = new EditorClient(server.Address);
        }

        public FanHubProcess Server { get; }

        public EditorClient Editor { get; }

        public FeedFan Fan { get; private set; } = null!;

        public System.Text.Json.JsonElement? Result => Fan.Item(FeedFan.Channels[0], $"result:{FeedSamples.Unit}");

        public static async Task<Stage> StartAsync()
        {
            var stage = new Stage(await FanHubProcess.StartNewAsync(FeedSamples.Settings));
            stage.Fan = await FeedFan.JoinAsync(stage._http, stage.Editor, FeedFan.Channels, stage.Server.Address);
            return stage;
        }

        public async Task<HttpResponseMessage> SendAsync(byte[] message, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await FeedSamples.PostAsync(_http, Server.Address, message);
        }

        public async Task PostAsync(int sample, bool gzip = false)
        {
            using var response = await FeedSamples.PostAsync(_http, Server.Address, FeedSamples.InOrder[sample], gzip);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        }

        /// <summary>Sends messages one after the other, and waits until all that came of them has arrived.</summary>
        public async Task PostInTurnAsync(IReadOnlyList<int> samples)
        {
            foreach (var sample in samples)
            {
                await PostAsync(sample);
            }

            await SettledAsync();
        }

        /// <summary>Waits until nothing is on its way: every message has been dealt with, and the fan is where the channels are.</summary>
        public async Task SettledAsync()
        {
            await Eventually.TrueAsync(
                async () => (await Editor.SendAsync(HttpMethod.Get, "feeds/status", body: null)).GetProperty("waiting").GetInt64() == 0, "no message waits", TimeSpan.FromSeconds(30));
            // What was held back goes out within a quarter of a second: the board says what channels are to have.
            await Eventually.TrueAsync(IsLevelAsync, "the fan has what the channels have");
        }

        public Task SeesAsync(Func<Stage, bool> what, string name) => Eventually.TrueAsync(() => what(this), $"the fan sees {name}");

        public IReadOnlyList<string> Medals() =>
        [
            .. Fan.Item("medals", Table)!.Value.GetProperty("organisations").EnumerateArray()
                .Select(o => $"{o.GetProperty("rank")} {o.GetProperty("organisation")} {o.GetProperty("gold")} {o.GetProperty("silver")} {o.GetProperty("bronze")} {o.GetProperty("total")}"),
        ];

        public async ValueTask DisposeAsync()
        {
            await Fan.DisposeAsync();
            Editor.Dispose();
            _http.Dispose();
            await Server.DisposeAsync();
        }

        private async Task<bool> IsLevelAsync()
        {
            var before = Fan.Seen.Count;
            await Task.Delay(TimeSpan.FromMilliseconds(300));
            return Fan.Seen.Count == before;
        }
    }
}
