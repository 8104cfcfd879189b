using System.Diagnostics;
using FanHub.LoadTests.Editors;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Quizzes;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Scenarios;

/// <summary>A quiz that everybody takes part in: each question is answered within its seconds, closes by itself, and is revealed; what was acknowledged has to be what was scored.</summary>
internal static class QuizNight
{
    /// <summary>Runs it.</summary>
    public static async Task<ScenarioResult> RunAsync(LoadOptions options, Stages stages, CancellationToken cancellationToken)
    {
        var load = options.Quiz;
        using var servers = Cost.OfServers(options);
        using var redis = Cost.Of(options.RedisPid is { } pid ? [pid] : []);
        await using var editor = new EditorApi(options.Editor, options.Key);
        var channel = await editor.MakeChannelAsync("quiz-night", cancellationToken);
        var quiz = await editor.DraftQuizAsync(channel, load, cancellationToken);
        await using var groups = await QuizGroups.StartAsync(options, channel, quiz);
        using var players = Cost.Of(groups.Ids);
        var busy = LoadAverage.Now;
        var (connectCpu, clock) = (servers.Cpu, Stopwatch.StartNew());
        await groups.AskAsync(
            QuizRequest.Gather, 0, stages.Begin(FormattableString.Invariant($"connect and follow on {options.Nodes.Count} node(s), from {groups.Ids.Count} process(es)"), load.Participants), cancellationToken);
        var connecting = clock.Elapsed;
        connectCpu = servers.Cpu - connectCpu;

        var (receipts, reveals, boards, told) = (new Histogram(), new Histogram(), new Histogram(), new Histogram());
        var spent = (Servers: TimeSpan.Zero, Redis: TimeSpan.Zero, Players: TimeSpan.Zero, Scoring: TimeSpan.Zero);
        for (var question = 0; question < load.Asked; question++)
        {
            var before = (Servers: servers.Cpu, Redis: redis.Cpu, Players: players.Cpu);
            await editor.TellQuizAsync(quiz, question == 0 ? "start" : "next", cancellationToken);
            await stages.DuringAsync(FormattableString.Invariant($"answer question {question} of {load.Questions}"), groups.AskAsync(QuizRequest.Answered, question, cancellationToken));
            var answering = (Servers: servers.Cpu - before.Servers, Redis: redis.Cpu - before.Redis, Players: players.Cpu - before.Players);

            // It closes by itself.
            await groups.AskAsync(QuizRequest.Closed, question, cancellationToken);
            var (cpu, revealing) = (servers.Cpu, Stopwatch.GetTimestamp());
            await editor.TellQuizAsync(quiz, "reveal", cancellationToken);
            var answered = Stopwatch.GetElapsedTime(revealing);
            var seen = await stages.DuringAsync(FormattableString.Invariant($"see the leaderboard after question {question}"), groups.AskAsync(QuizRequest.Board, question, cancellationToken));
            if (question == 0)
            {
                continue;
            }

            told.Add(answered);
            spent = (spent.Servers + answering.Servers, spent.Redis + answering.Redis, spent.Players + answering.Players, spent.Scoring + servers.Cpu - cpu);
            foreach (var message in seen)
            {
                Add(reveals, message.Revealed!, revealing);
                Add(boards, message.Boards!, revealing);
            }
        }

        var busyAfter = LoadAverage.Now;
        var questions = (await editor.TellQuizAsync(quiz, "finish", cancellationToken)).GetProperty("questions").EnumerateArray().ToList();
        var report = new QuizReport();
        foreach (var message in await stages.DuringAsync("ask where everybody stands, and leave", groups.AskAsync(QuizRequest.End, 0, cancellationToken)))
        {
            report.Add(message.Report!);
        }

        foreach (var us in report.ReceiptUs)
        {
            receipts.Add(TimeSpan.FromMicroseconds(us));
        }

        return new ScenarioResult("quiz-night", QuizChecks.Make(load, report, questions), Metrics());

        IReadOnlyList<Metric> Metrics()
        {
            var calls = Math.Max(1, report[QuizCount.Calls]);
            var seconds = report.Spans.Skip(1).Where(s => s.To > s.From).Select(s => Stopwatch.GetElapsedTime(s.From, s.To).TotalSeconds).ToList();
            var metrics = new List<Metric>
            {
                new("participants", load.Participants, FormattableString.Invariant($"on {options.Nodes.Count} node(s), each with a session and a connection of its own, from {groups.Ids.Count} process(es)")),
                new("connected and following", load.Participants / connecting.TotalSeconds, "per s"),
                new("answers acknowledged", report.ReceiptUs.Count, FormattableString.Invariant($"to {load.Questions} questions, those that are measured")),
                new("resends, second answers, and answers to closed questions, in all", report[QuizCount.Repeated] + report[QuizCount.SecondAnswersRefused] + report[QuizCount.TooLateRefused], FormattableString.Invariant($"{report[QuizCount.Repeated]:N0}, {report[QuizCount.SecondAnswersRefused]:N0}, {report[QuizCount.TooLateRefused]:N0}")),
                new("told to come again", report[QuizCount.Retries], "answers"),
                new("time from the first answer to a question to the last receipt, longest", seconds.DefaultIfEmpty().Max(), FormattableString.Invariant($"s, of {load.Seconds} that a question is open")),
                new("rate, from the first answer to the last receipt", report.ReceiptUs.Count / Math.Max(0.001, seconds.Sum()), "answers per s"),
                new("receipt, p50", receipts.PercentileMs(50), "ms"),
                new("receipt, p90", receipts.PercentileMs(90), "ms"),
                new("receipt, p99", receipts.PercentileMs(99), "ms"),
                new("receipt, max", receipts.MaxMs, "ms"),
                new("reveal command to its answer, max", told.MaxMs, "ms"),
                new("reveal command to what is right at the fans, p50", reveals.PercentileMs(50), "ms"),
                new("reveal command to what is right at the fans, max", reveals.MaxMs, "ms"),
                new("reveal command to the leaderboard at the fans, p50", boards.PercentileMs(50), "ms"),
                new("reveal command to the leaderboard at the fans, p99", boards.PercentileMs(99), "ms"),
                new("reveal command to the leaderboard at the fans, max", boards.MaxMs, "ms"),
            };
            if (servers.Known)
            {
                metrics.AddRange(
                [
                    new("server CPU per connection (session, connect, follow)", connectCpu.TotalMicroseconds / load.Participants, "us"),
                    new("server CPU per call of Answer, with delivering the questions", spent.Servers.TotalMicroseconds / calls, "us"),
                    new("server CPU per reveal and fan: count, points, and two deliveries", spent.Scoring.TotalMicroseconds / load.Questions / load.Participants, "us"),
                ]);
            }

            if (redis.Known)
            {
                metrics.Add(new("Redis CPU per call of Answer", spent.Redis.TotalMicroseconds / calls, "us"));
            }

            metrics.AddRange(
            [
                new("load generator CPU per call of Answer", spent.Players.TotalMicroseconds / calls, "us"),
                new("load average of the machine, before", busy, "(1 minute)"),
                new("load average of the machine, after", busyAfter, "(1 minute)"),
            ]);
            return metrics;
        }
    }

    private static void Add(Histogram times, IReadOnlyList<long> at, long from)
    {
        foreach (var arrived in at)
        {
            times.Add(Stopwatch.GetElapsedTime(from, arrived));
        }
    }
}
