using System.Globalization;
using FanHub.LoadTests.Followers;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Publishing;
using FanHub.LoadTests.Running;
using FanHub.Realtime.Fanout;

namespace FanHub.LoadTests.Scenarios;

/// <summary>
/// The same connections, spread over one channel, ten, a hundred, a thousand; then each following so many channels that all channels have as many followers, however many there are:
/// what a delivery costs must not depend on it.
/// </summary>
internal static class ManyChannels
{
    // What a publisher can do at all, and leave the machine to those who deliver.
    private const double MostThroughApi = 40;
    private const double MostIntoLog = 2_000;
    // Below, what publishing costs hides what delivering does; most of all where the same process publishes.
    private const double LeastPerChannelThroughApi = 1;
    private const double LeastPerChannelIntoLog = 0.25;
    private static readonly int MostPerFan = new FanoutOptions().MaxChannels;

    /// <summary>Runs it.</summary>
    public static async Task<ScenarioResult> RunAsync(LoadOptions options, Stages stages, CancellationToken cancellationToken)
    {
        var load = options.Rush;
        await using var publishers = await Publishers.ChooseAsync(options, load.Bytes);
        var (most, least) = publishers.IsApart ? (MostIntoLog, LeastPerChannelIntoLog) : (MostThroughApi, LeastPerChannelThroughApi);
        var left = new List<string>();
        var spread = Spread();
        var full = SameFollowers();
        if (spread.Count + full.Count == 0)
        {
            throw new LoadTestException($"There is nothing to measure. {string.Join(' ', left)}");
        }

        var sessions = await FollowerCrowd.StartSessionsAsync(options, stages, load.Connections, cancellationToken);
        var rounds = new ChannelRounds(options, stages, publishers.Chosen, sessions);
        var (few, same) = (await MeasureAsync(spread, most), await MeasureAsync(full, full.Select(f => f.Rate).FirstOrDefault()));
        return new ScenarioResult(
            "many-channels",
            [.. Checks(few, ""), .. Checks(same, FormattableString.Invariant($" of {load.Followers:N0} followers"))],
            [new("connections", load.Connections, FormattableString.Invariant($"on {options.Nodes.Count} node(s), published {publishers.Chosen.Way}")), new("load average at the end", LoadAverage.Now, "")])
        { Tables = same.Count == 0 ? [SpreadTable(few)] : [SpreadTable(few), SameTable(same, load)], Notes = left };

        List<(Followings Followings, double Rate)> Spread()
        {
            var possible = load.Channels.Where(c => c <= load.Connections && most / c >= least).ToList();
            left.AddRange(load.Channels.Except(possible).Select(channels =>
                FormattableString.Invariant($"{channels:N0} channels are left out: {load.Connections:N0} connections and {most:N0} updates a second are too few for them.")));
            return [.. possible.Select(c => (Followings.OneEach(load.Connections, c), Math.Min(load.Rate * c, most)))];
        }

        // As many deliveries a second as in the first part with one channel.
        List<(Followings Followings, double Rate)> SameFollowers()
        {
            if (load.Followers == 0)
            {
                return [];
            }

            if (load.Followers > load.Connections)
            {
                left.Add(FormattableString.Invariant($"Channels with {load.Followers:N0} followers each are left out: there are {load.Connections:N0} connections."));
                return [];
            }

            // With fewer channels than that, some would follow nothing.
            var fewest = (load.Connections + load.Followers - 1) / load.Followers;
            var wanted = load.Channels.Where(c => c > fewest).Prepend(fewest).Distinct().ToList();
            var possible = wanted.Where(c => Followings.ChannelsPerFan(load.Connections, c, load.Followers) <= MostPerFan).ToList();
            left.AddRange(wanted.Except(possible).Select(channels => FormattableString.Invariant(
                $"{channels:N0} channels with {load.Followers:N0} followers each are left out: each of {load.Connections:N0} connections would follow more than {MostPerFan}.")));
            return [.. possible.Select(c => (Followings.OfSize(load.Connections, c, load.Followers), Math.Min(load.Rate * load.Connections / load.Followers, most)))];
        }

        async Task<List<ChannelRound>> MeasureAsync(List<(Followings Followings, double Rate)> plans, double rate)
        {
            var measured = await rounds.MeasureAsync(plans, cancellationToken);
            if (publishers.IsApart || measured.Count == 0)
            {
                return measured;
            }

            // At the end, when all of it has been compiled.
            var quiet = await stages.DuringAsync("publish to nobody", QuietPublishing.MeasureAsync(publishers.Chosen, options.FanPids, rate, cancellationToken));
            return [.. measured.Select(r => r.Without(quiet))];
        }
    }

    private static IEnumerable<Check> Checks(List<ChannelRound> rounds, string of) =>
        rounds.SelectMany(r => r.Checks.Select(c => c with { Name = FormattableString.Invariant($"{r.Channels:N0} channels{of}: {c.Name}") }));

    private static ResultTable SpreadTable(List<ChannelRound> rounds) => new(
        "The same connections over more and more channels",
        ["channels", "updates per s", "deliveries per s", "us of CPU per delivery", "times that of the first", "us per update more", "p50 ms", "p99 ms"],
        [.. rounds.Select(r => (IReadOnlyList<string>)[
            Number(r.Channels), Number(r.Updates / r.Seconds), Number(r.Deliveries / r.Seconds), Number(r.Microseconds), Number(r.Microseconds / rounds[0].Microseconds),
            Number((r.Microseconds - rounds[0].Microseconds) * r.Deliveries / Math.Max(1, r.Updates)), Number(r.P50), Number(r.P99),
        ])]);

    private static ResultTable SameTable(List<ChannelRound> rounds, Targets.RushLoad load) => new(
        FormattableString.Invariant($"As many followers for each channel, {load.Followers:N0}, more and more channels"),
        ["channels", "channels per fan", "updates per s", "deliveries per s", "us of CPU per delivery", "times that of the first", "p50 ms", "p99 ms"],
        [.. rounds.Select(r => (IReadOnlyList<string>)[
            Number(r.Channels), Number((double)r.Channels * load.Followers / load.Connections), Number(r.Updates / r.Seconds), Number(r.Deliveries / r.Seconds),
            Number(r.Microseconds), Number(r.Microseconds / rounds[0].Microseconds), Number(r.P50), Number(r.P99),
        ])]);

    private static string Number(double value) => value.ToString(Math.Abs(value) < 100 && value != Math.Floor(value) ? "0.0#" : "N0", CultureInfo.InvariantCulture);
}
