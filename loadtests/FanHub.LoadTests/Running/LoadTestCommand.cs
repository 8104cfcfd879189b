using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using FanHub.LoadTests.Everything;
using FanHub.LoadTests.Peers;
using FanHub.LoadTests.Quizzes;

namespace FanHub.LoadTests.Running;

/// <summary>The command line.</summary>
internal sealed class LoadTestCommand
{
    private const string DefaultUrl = "http://localhost:5080";
    private const int FanOutConnections = 1_000;
    private const double FanOutRate = 20;
    private const double VoteSeconds = 5;
    private const double FeedRate = 500;
    private const double FeedSeconds = 60;
    private const double QuizSeconds = 5;

    private readonly IReadOnlyList<Scenario> _scenarios;
    private readonly Option<bool> _list = new("--list") { Description = "Names the scenarios and does nothing else." };
    private readonly Option<string[]> _only = new("--only") { Description = "Runs these scenarios instead of all.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _urls = new("--url") { Description = "A node for fans to connect to, on this machine; repeatable, or separated by commas.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [DefaultUrl] };
    private readonly Option<string?> _editor = new("--editor-url") { Description = "The node with the admin API. Default: the first --url." };
    private readonly Option<string?> _key = new("--key") { Description = "The admin key. Default: the environment variable FANHUB_KEY." };
    private readonly Option<int?> _connections = Numbers.Between<int>("--connections", 1, 20_000, $"Connections that follow. fan-out: by default {FanOutConnections}. goal-rush and others: {RushArguments.Connections}.");
    private readonly Option<int> _updates = Numbers.Between("--updates", 200, 1, 10_000, "fan-out: updates that are measured.");
    private readonly Option<double?> _rate = Numbers.Between("--rate", 0.1, 100_000, $"fan-out: updates per second, by default {FanOutRate}. feed: messages per second, by default {FeedRate}.");
    private readonly Option<int> _voters = Numbers.Between("--voters", 2_000, 1, 20_000, "vote-burst: fans, each with a connection of its own.");
    private readonly Option<double?> _seconds = Numbers.Between("--seconds", 0.1, 300, $"vote-burst: within how long after the opening they vote, by default {VoteSeconds}. feed: for how long it is measured, by default {FeedSeconds}. quiz-night: each question's time in whole seconds, by default {QuizSeconds}.");
    private readonly Option<double> _duplicates = Numbers.Between("--duplicates", 10.0, 0, 100, "vote-burst, quiz-night: percentage who send the same submission again.");
    private readonly Option<double> _secondVotes = Numbers.Between("--second-votes", 5.0, 0, 100, "vote-burst, quiz-night: percentage who try to vote, or to answer, a second time.");
    private readonly Option<double> _late = Numbers.Between("--late", 5.0, 0, 100, "vote-burst: percentage who vote at the moment of closing. quiz-night: who answer when the question is closed.");
    private readonly FeedArguments _feed = new();
    private readonly QuizArguments _quiz = new();
    private readonly RushArguments _rush = new();
    private readonly Option<int[]> _serverPids = new("--server-pid") { Description = "A server's process, to measure what it costs. Default: whoever listens on the urls.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int[]> _fanPids = new("--fan-pid") { Description = "Those of the servers' processes that serve fans: deliveries are their work. Default: whoever listens on the urls.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int?> _redisPid = new("--redis-pid") { Description = "The process of Redis, to measure its share." };
    private readonly Option<FileInfo?> _out = new("--out") { Description = "Writes the results to this file, as JSON." };

    private LoadTestCommand(IReadOnlyList<Scenario> scenarios) => _scenarios = scenarios;

    /// <summary>Does what the arguments say.</summary>
    /// <returns>The exit code, one of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, IReadOnlyList<Scenario> scenarios)
    {
        var parsed = new LoadTestCommand(scenarios).Build().Parse(args);
        if (parsed.Action is ParseErrorAction wrong)
        {
            wrong.ShowHelp = false;
        }

        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        return parsed.Errors.Count > 0 ? ExitCodes.CouldNotRun : code;
    }

    private RootCommand Build()
    {
        _only.Validators.Add(given =>
        {
            foreach (var unknown in Split(given.GetValueOrDefault<string[]>()).Except(_scenarios.Select(s => s.Name), StringComparer.Ordinal))
            {
                given.AddError($"There is no scenario '{unknown}'; there are {string.Join(" and ", _scenarios.Select(s => s.Name))}.");
            }
        });
        _urls.Validators.Add(given => CheckUrls(given, Split(given.GetValueOrDefault<string[]>())));
        _editor.Validators.Add(given => CheckUrls(given, Split([given.GetValueOrDefault<string?>() ?? ""])));
        var command = new RootCommand("Load tests that check themselves, against FanHub servers of this machine.")
        {
            _list, _only, _urls, _editor, _key, _connections, _updates, _rate, _voters, _seconds, _duplicates, _secondVotes, _late, _serverPids, _fanPids, _redisPid, _out,
        };
        _feed.AddTo(command, CheckUrls);
        _quiz.AddTo(command);
        _rush.AddTo(command);
        command.SetAction(RunAsync);
        var fans = new Command(QuizGroupProcess.Command, "Plays fans for another process of this program.") { Hidden = true };
        fans.SetAction((_, cancellationToken) => QuizGroupProcess.RunAsync(Console.In, Console.Out, cancellationToken));
        command.Subcommands.Add(fans);
        var port = new Argument<int>("port");
        var stock = new Command(StockHub.Command, "Serves a stock SignalR hub, to compare with.") { port };
        stock.Hidden = true;
        stock.SetAction((given, cancellationToken) => StockHub.ServeAsync(given.GetValue(port), cancellationToken));
        command.Subcommands.Add(stock);
        command.Subcommands.Add(EverythingCommand.Make(RunStepAsync));
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_list))
        {
            Reports.List(_scenarios);
            return Task.FromResult(ExitCodes.Passed);
        }

        var (options, chosen, problem) = Read(parsed);
        if (problem is not null)
        {
            Reports.Error(problem);
            return Task.FromResult(ExitCodes.CouldNotRun);
        }

        return new Runner(options, parsed.GetValue(_out)).RunAsync(chosen, cancellationToken);
    }

    private async Task<(int Code, ScenarioResult? Result)> RunStepAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var command = new LoadTestCommand(_scenarios);
        var parsed = command.Build().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            throw new LoadTestException(string.Join(' ', parsed.Errors.Select(e => e.Message)));
        }

        var (options, chosen, problem) = command.Read(parsed);
        if (problem is not null)
        {
            throw new LoadTestException(problem);
        }

        var runner = new Runner(options, file: null);
        var code = await runner.RunAsync(chosen, cancellationToken);
        return (code, runner.Results.FirstOrDefault());
    }

    private (LoadOptions Options, IReadOnlyList<Scenario> Chosen, string? Problem) Read(ParseResult parsed)
    {
        var only = Split(parsed.GetValue(_only));
        var chosen = _scenarios.Where(s => only.Count == 0 ? s.TakesServer : only.Contains(s.Name, StringComparer.Ordinal)).ToList();
        var key = parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable("FANHUB_KEY");
        if (string.IsNullOrEmpty(key) && chosen.Any(s => s.TakesServer))
        {
            return (null!, [], "The admin key is missing: give --key, or set FANHUB_KEY. The server prints it when it starts for the first time.");
        }

        var nodes = Split(parsed.GetValue(_urls)).Select(Address).Distinct().ToList();
        var editor = parsed.GetValue(_editor) is { } given ? Address(given) : nodes[0];
        var options = new LoadOptions
        {
            Nodes = nodes,
            Editor = editor,
            Key = key ?? "",
            Connections = parsed.GetValue(_connections) ?? FanOutConnections,
            Updates = parsed.GetValue(_updates),
            Rate = parsed.GetValue(_rate) ?? FanOutRate,
            Voters = parsed.GetValue(_voters),
            Seconds = parsed.GetValue(_seconds) ?? VoteSeconds,
            Duplicates = parsed.GetValue(_duplicates),
            SecondVotes = parsed.GetValue(_secondVotes),
            Late = parsed.GetValue(_late),
            ServerPids = parsed.GetValue(_serverPids) ?? [],
            FanServerPids = parsed.GetValue(_fanPids) ?? [],
            Rush = _rush.Read(parsed, parsed.GetValue(_connections), parsed.GetValue(_rate), parsed.GetValue(_seconds)),
            RedisPid = parsed.GetValue(_redisPid),
            Feed = _feed.Read(parsed, parsed.GetValue(_rate) ?? FeedRate, parsed.GetValue(_seconds) ?? FeedSeconds, editor),
            Quiz = _quiz.ReadQuiz(parsed, parsed.GetValue(_seconds) ?? QuizSeconds),
            Scoring = _quiz.ReadScoring(parsed),
        };
        var missing = chosen.Where(s => only.Count > 0).Select(s => s.Missing(options)).FirstOrDefault(m => m is not null);
        return (options, [.. chosen.Where(s => s.Missing(options) is null)], missing);
    }

    internal static void CheckUrls(OptionResult given, IReadOnlyList<string> urls)
    {
        if (urls.Count == 0)
        {
            given.AddError($"{given.Option.Name} needs an address, for example {DefaultUrl}.");
        }

        foreach (var error in urls.Select(u => Loopback.Read(u, out _)).OfType<string>())
        {
            given.AddError(error);
        }
    }

    internal static Uri Address(string url) => Loopback.Read(url.Trim(), out var address) is { } error ? throw new LoadTestException(error) : address;

    internal static List<string> Split(string[]? values) =>
        [.. (values ?? []).SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}

/// <summary>What the program ends with.</summary>
internal static class ExitCodes
{
    /// <summary>Everything held.</summary>
    public const int Passed = 0;

    /// <summary>Something that had to hold did not.</summary>
    public const int CheckFailed = 1;

    /// <summary>Wrong arguments, or no server that could be tested.</summary>
    public const int CouldNotRun = 2;

    /// <summary>Stopped with Ctrl+C.</summary>
    public const int Cancelled = 130;
}
