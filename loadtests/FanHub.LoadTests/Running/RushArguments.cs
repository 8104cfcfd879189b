using System.CommandLine;
using System.Globalization;
using FanHub.LoadTests.Targets;

namespace FanHub.LoadTests.Running;

/// <summary>What the command line says about <c>goal-rush</c> and the other scenarios with a lean crowd.</summary>
internal sealed class RushArguments
{
    /// <summary>How many come where nobody says.</summary>
    public const int Connections = 5_000;

    // Deliveries a second where nobody says, so that many connections hear fewer updates.
    private const int Deliveries = 100_000;
    private const int FewerDeliveries = 60_000;
    private const double MostUpdates = 20;
    private const double Seconds = 5;

    private readonly Option<int> _bytes = Numbers.Between("--update-bytes", 300, 16, 60_000, "goal-rush and others: bytes of an update's data.");
    private readonly Option<double> _warmUp = Numbers.Between("--warm-up", 3.0, 0.1, 60, "goal-rush and others: for how many seconds updates go out before it is measured.");
    private readonly Option<int> _repetitions = Numbers.Between("--repetitions", 3, 1, 20, "goal-rush, many-channels: how often it is measured.");
    private readonly Option<int> _bursts = Numbers.Between("--bursts", 5, 0, 100, "goal-rush: updates that go out alone, after a rest.");
    private readonly Option<bool> _peers = new("--peers") { Description = "goal-rush: measures the floor, Nchan and a stock SignalR hub in turn with FanHub." };
    private readonly Option<string?> _redis = new("--log-redis") { Description = "goal-rush and others: appends updates straight to the log in this Redis, as 127.0.0.1:6379. Default: the admin API publishes." };
    private readonly Option<double> _window = Numbers.Between("--window", 10.0, 0.1, 120, "reconnect-storm: within how many seconds everybody comes back.");
    private readonly Option<int[]> _channels = new("--channels") { Description = "many-channels: how many channels the connections are spread over, one number after the other.", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 10, 100, 1_000] };
    private readonly Option<int> _followers = Numbers.Between("--channel-followers", 250, 0, 20_000, "many-channels: followers of each channel in the second part; 0 leaves it out.");
    private readonly Option<double> _stalled = Numbers.Between("--stalled", 1.0, 0.01, 50, "slow-readers: percentage of the readers who stop reading.");

    /// <summary>Lets the command have them.</summary>
    public void AddTo(RootCommand command)
    {
        _channels.Validators.Add(given =>
        {
            // By what was written: to ask for the value throws where it is no number.
            if (given.Tokens.Any(t => !int.TryParse(t.Value, CultureInfo.InvariantCulture, out var channels) || channels is < 1 or > 10_000))
            {
                given.AddError("--channels takes numbers from 1 to 10000.");
            }
        });
        _redis.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string?>() is { } address && (Loopback.Read($"http://{address}", out var read) is not null || read.IsDefaultPort))
            {
                given.AddError($"'{address}' is not a Redis of this machine, as 127.0.0.1:6379.");
            }
        });
        foreach (var option in (Option[])[_bytes, _warmUp, _repetitions, _bursts, _peers, _redis, _window, _channels, _followers, _stalled])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What they say.</summary>
    public RushLoad Read(ParseResult parsed, int? connections, double? rate, double? seconds)
    {
        var many = connections ?? Connections;
        return new RushLoad
        {
            Connections = many,
            Rate = rate ?? Math.Clamp(Math.Round((many > 10_000 ? FewerDeliveries : Deliveries) / (double)many), 1, MostUpdates),
            Bytes = parsed.GetValue(_bytes),
            Seconds = seconds ?? Seconds,
            WarmUpSeconds = parsed.GetValue(_warmUp),
            Repetitions = parsed.GetValue(_repetitions),
            Bursts = parsed.GetValue(_bursts),
            Peers = parsed.GetValue(_peers),
            LogRedis = parsed.GetValue(_redis),
            Window = parsed.GetValue(_window),
            Channels = parsed.GetValue(_channels) ?? [],
            Followers = parsed.GetValue(_followers),
            Stalled = parsed.GetValue(_stalled),
            BallotRate = rate,
        };
    }
}
