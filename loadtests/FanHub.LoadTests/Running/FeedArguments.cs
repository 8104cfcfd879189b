using System.CommandLine;
using System.CommandLine.Parsing;
using FanHub.LoadTests.Feeds;

namespace FanHub.LoadTests.Running;

/// <summary>What the command line says about the scenario <c>feed</c> alone.</summary>
internal sealed class FeedArguments
{
    private readonly Option<string?> _key = new("--feed-key") { Description = "feed: the feed's key. Default: the environment variable FANHUB_FEED_KEY." };
    private readonly Option<string> _flag = new("--feed-flag") { Description = "feed: P or T, whichever the server takes.", DefaultValueFactory = _ => "P" };
    private readonly Option<string[]> _urls = new("--feed-url") { Description = "feed: a node that takes the feed, on this machine; repeatable, or separated by commas. Default: the node with the admin API.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _units = Numbers.Between("--units", 0, 0, 1_000, "feed: units at the same time; 0 for as many as give each two to four versions a second.");
    private readonly Option<int> _bytes = Numbers.Between("--bytes", 20_000, 2_000, 200_000, "feed: bytes of a message, uncompressed.");
    private readonly Option<int> _organisations = Numbers.Between("--organisations", 8, 1, 60, "feed: organisations in each unit; a result goes to a channel for each.");
    private readonly Option<bool> _plain = new("--plain") { Description = "feed: sends messages uncompressed." };
    private readonly Option<int> _senders = Numbers.Between("--senders", 32, 1, 256, "feed: connections that send.");
    private readonly Option<int> _followers = Numbers.Between("--followers", 36, 12, 1_000, "feed: connections of fans that follow.");
    private readonly Option<double?> _targetP50 = Numbers.Between("--target-p50", 0.1, 60_000, "feed: fails where the median from the feed to a fan is more than so many ms.");
    private readonly Option<double?> _targetP99 = Numbers.Between("--target-p99", 0.1, 60_000, "feed: the same of the 99th percentile.");

    /// <summary>Lets the command have them.</summary>
    /// <param name="command">The command.</param>
    /// <param name="checkUrls">Refuses addresses that load tests must not go to.</param>
    public void AddTo(RootCommand command, Action<OptionResult, IReadOnlyList<string>> checkUrls)
    {
        _urls.Validators.Add(given => checkUrls(given, LoadTestCommand.Split(given.GetValueOrDefault<string[]>())));
        _flag.AcceptOnlyFromAmong("P", "T");
        foreach (var option in (Option[])[_key, _flag, _urls, _units, _bytes, _organisations, _plain, _senders, _followers, _targetP50, _targetP99])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What they say.</summary>
    public FeedLoad Read(ParseResult parsed, double rate, double seconds, Uri editor)
    {
        var nodes = LoadTestCommand.Split(parsed.GetValue(_urls)).Select(LoadTestCommand.Address).Distinct().ToList();
        return new FeedLoad
        {
            Nodes = nodes.Count == 0 ? [editor] : nodes,
            Key = parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable("FANHUB_FEED_KEY") ?? "",
            Flag = parsed.GetValue(_flag)![0],
            Rate = rate,
            Seconds = seconds,
            Units = parsed.GetValue(_units),
            Bytes = parsed.GetValue(_bytes),
            Organisations = parsed.GetValue(_organisations),
            Plain = parsed.GetValue(_plain),
            Senders = parsed.GetValue(_senders),
            Followers = parsed.GetValue(_followers),
            TargetP50 = parsed.GetValue(_targetP50),
            TargetP99 = parsed.GetValue(_targetP99),
        };
    }
}
