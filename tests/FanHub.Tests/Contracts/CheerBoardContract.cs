using FanHub.Server.Cheers;
using FanHub.Testing;

namespace FanHub.Tests.Contracts;

/// <summary>What every board of cheers promises.</summary>
public abstract class CheerBoardContract : IAsyncLifetime
{
    private const string Channel = "medals";
    private static readonly IReadOnlyDictionary<string, long> Nothing = new Dictionary<string, long>(StringComparer.Ordinal);

    private ICheerBoard _board = null!;

    public async ValueTask InitializeAsync() => _board = await OpenAsync();

    public abstract ValueTask DisposeAsync();

    internal abstract Task<ICheerBoard> OpenAsync();

    [Fact]
    public async Task Where_nobody_cheers_there_is_nothing()
    {
        (await _board.AddAsync(Channel, Nothing)).Sums.ShouldBeEmpty();
        await NextSecondAsync();
        (await _board.AddAsync(Channel, Nothing)).Sums.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_all_nodes_add_in_a_second_is_one_sum_and_only_seconds_that_are_over_are_given()
    {
        var model = new Model();
        await NextSecondAsync();
        foreach (var taps in (IReadOnlyDictionary<string, long>[])[Taps(("fire", 3)), Taps(("fire", 4), ("clap", 1)), Taps(("clap", 5_000_000_000))])
        {
            model.Add(taps, await _board.AddAsync(Channel, taps));
        }

        await EverythingIsTakenAsync(model);
        model.Given.Keys.Count.ShouldBeLessThanOrEqualTo(2, "all of it took less than a second");
    }

    [Fact]
    public async Task A_sum_is_given_once_however_many_ask_for_it()
    {
        var model = new Model();
        var taps = Taps(("fire", 7));
        model.Add(taps, await _board.AddAsync(Channel, taps));
        await NextSecondAsync();

        var readings = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _board.AddAsync(Channel, Nothing))));
        readings.SelectMany(r => r.Sums).ShouldHaveSingleItem().Taps["fire"].ShouldBe(7);
        (await _board.AddAsync(Channel, Nothing)).Sums.ShouldBeEmpty();
    }

    [Fact]
    public async Task Channels_do_not_mix()
    {
        await _board.AddAsync("one", Taps(("fire", 1)));
        await _board.AddAsync("two", Taps(("fire", 2)));
        await NextSecondAsync();

        (await _board.AddAsync("three", Nothing)).Sums.ShouldBeEmpty();
        (await _board.AddAsync("two", Nothing)).Sums.ShouldHaveSingleItem().Taps["fire"].ShouldBe(2);
        (await _board.AddAsync("one", Nothing)).Sums.ShouldHaveSingleItem().Taps["fire"].ShouldBe(1);
    }

    [Fact]
    public async Task It_agrees_with_a_plain_model_while_many_nodes_add_at_once()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var model = new Model();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(node => Task.Run(async () =>
        {
            var random = new Random(seed + node);
            for (var i = 0; i < 60; i++)
            {
                var taps = random.Next(5) == 0 ? Nothing : Taps(("fire", random.Next(1, 100)), ("clap", random.Next(1, 100)));
                model.Add(taps, await _board.AddAsync(Channel, taps));
                await Task.Delay(random.Next(40));
            }
        })));

        await EverythingIsTakenAsync(model);
    }

    private protected static Dictionary<string, long> Taps(params (string Reaction, long Count)[] taps) => taps.ToDictionary(t => t.Reaction, t => t.Count, StringComparer.Ordinal);

    private async Task EverythingIsTakenAsync(Model model)
    {
        await NextSecondAsync();
        model.Add(Nothing, await _board.AddAsync(Channel, Nothing));
        model.Given.Keys.Order().ShouldBe(model.Added.Keys.Order());
        foreach (var (second, sum) in model.Added)
        {
            model.Given[second].ShouldBe(sum, ignoreOrder: true);
        }
    }

    /// <summary>Waits until the board's present second is over.</summary>
    private async Task NextSecondAsync()
    {
        var now = (await _board.AddAsync("clock", Nothing)).Second;
        await Eventually.TrueAsync(async () => (await _board.AddAsync("clock", Nothing)).Second > now, "the second is over");
    }

    /// <summary>What was added, and what was given, by second.</summary>
    private sealed class Model
    {
        private readonly Lock _lock = new();

        public Dictionary<long, Dictionary<string, long>> Added { get; } = [];

        public Dictionary<long, IReadOnlyDictionary<string, long>> Given { get; } = [];

        public void Add(IReadOnlyDictionary<string, long> taps, CheerReading reading)
        {
            lock (_lock)
            {
                if (taps.Count > 0)
                {
                    var sum = Added.TryGetValue(reading.Second, out var known) ? known : Added[reading.Second] = new(StringComparer.Ordinal);
                    foreach (var (reaction, count) in taps)
                    {
                        sum[reaction] = sum.GetValueOrDefault(reaction) + count;
                    }
                }

                foreach (var sum in reading.Sums)
                {
                    sum.Second.ShouldBeLessThan(reading.Second);
                    Given.TryAdd(sum.Second, sum.Taps).ShouldBeTrue($"second {sum.Second} was given twice");
                }
            }
        }
    }
}
