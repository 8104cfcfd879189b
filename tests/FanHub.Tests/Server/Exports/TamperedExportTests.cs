using System.Text.Json.Nodes;

namespace FanHub.Tests.Server.Exports;

/// <summary>Somebody changes an export before it is counted again.</summary>
public abstract class TamperedExportTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    [Fact]
    public async Task Whatever_is_changed_in_an_export_in_json_is_found_out()
    {
        await using var host = await StartAsync();
        var poll = await PollAsync(host);
        var quiz = await QuizAsync(host);
        var prediction = await PredictionAsync(host);

        Changed(poll, f => Ballots(f)[0]!["choices"] = new JsonArray(Ballots(f)[0]!["choices"]![0]!.ToString() == "a" ? "b" : "a")).ShouldBeWrong("ballots for a");
        Changed(poll, f => Ballots(f)[1]!["choices"] = new JsonArray("z")).ShouldBeWrong("the ballot of fan");
        Changed(poll, f => Ballots(f)[1]!["choices"] = new JsonArray("a", "b")).ShouldBeWrong("the ballot of fan");
        Changed(poll, f => Ballots(f)[1]!["choices"] = new JsonArray()).ShouldBeWrong("the ballot of fan");
        Changed(poll, f => Ballots(f).RemoveAt(1)).ShouldBeWrong("ballots");
        Changed(poll, f => Ballots(f).RemoveAt(1)).ShouldBeWrong("Ballots in the file, in all: 2 by the recount, 3 in the export.");
        Changed(poll, f => Ballots(f).Add(Ballots(f)[0]!.DeepClone())).ShouldBeWrong("the ballot of fan");
        Changed(poll, f => f["questions"]![0]!["result"]!["digest"] = new string('0', 64)).ShouldBeWrong("the digest is");
        Changed(poll, f => f["questions"]![0]!["result"]!["late"] = 7).ShouldBeWrong("the digest is");
        Changed(poll, f => f["channel"] = "d").ShouldBeWrong("the digest is");
        Changed(poll, f => f["questions"]![0]!["result"]!["counts"]!["a"] = 7).ShouldBeWrong("ballots for a: ");
        Changed(poll, f => f["end"]!["ballots"] = 4).ShouldBeWrong("Ballots in the file");

        Changed(quiz, f => f["leaderboard"]![0]!["score"] = 2001).ShouldBeWrong("Leaderboard: score of fan");
        Changed(quiz, f => f["leaderboard"]![1]!["savedMs"] = 1).ShouldBeWrong("Leaderboard: time saved by fan");
        Changed(quiz, f => f["leaderboard"]![1]!["rank"] = 1).ShouldBeWrong("Leaderboard: rank of fan");
        Changed(quiz, f => f["leaderboard"]!.AsArray().RemoveAt(1)).ShouldBeWrong("Leaderboard: fan");
        Changed(quiz, f => f["leaderboard"]!.AsArray().Add(f["leaderboard"]![0]!.DeepClone())).ShouldBeWrong("Leaderboard: fan");
        Changed(quiz, f => f["leaderboard"]![0]!["fan"] = new string('0', 32)).ShouldBeWrong("Leaderboard: fan");
        Changed(quiz, f => f.AsObject().Remove("leaderboard")).ShouldBeWrong("Leaderboard: fan");
        Changed(quiz, f => Ballots(f)[0]!["elapsedMs"] = 17_000).ShouldBeWrong("Leaderboard: time saved by fan");
        Changed(quiz, f => f["questions"]![0]!["correct"] = new JsonArray("b")).ShouldBeWrong("Leaderboard: score of fan");
        Changed(quiz, f => f["scoring"] = "accuracy").ShouldBeWrong("Leaderboard: score of fan");
        Changed(quiz, f => f["streakBonus"] = 1).ShouldBeWrong("Leaderboard: score of fan");

        Changed(prediction, f => Ballots(f)[0]!["points"] = 1).ShouldBeWrong("Points of fan");
        Changed(prediction, f => f["settlements"]![0]!["correct"] = new JsonArray("b")).ShouldBeWrong("Points of fan");
        Changed(prediction, f => f["points"] = 31).ShouldBeWrong("Points of fan");
        Changed(prediction, f => f["settlements"] = new JsonArray()).ShouldBeWrong("Points of fan");
    }

    [Fact]
    public async Task Whatever_is_changed_in_an_export_in_csv_is_found_out()
    {
        await using var host = await StartAsync();
        var poll = await PollAsync(host, "csv");
        var quiz = await QuizAsync(host, "csv");

        ChangedLine(poll, "ballot,", line => line.Replace(",a,", ",x,", StringComparison.Ordinal).Replace(",b,", ",a,", StringComparison.Ordinal)).ShouldBeWrong(string.Empty);
        ChangedLine(poll, "ballot,", _ => null).ShouldBeWrong("ballots");
        ChangedLine(poll, "ballot,", line => $"{line}\r\n{line}").ShouldBeWrong("the ballot of fan");
        ChangedLine(poll, "head,,digest,", _ => $"head,,digest,{new string('0', 64)},,,,,,,,").ShouldBeWrong("the digest is");
        ChangedLine(poll, "option,,a,", _ => "option,,a,9,,,,,,,,").ShouldBeWrong("ballots for a");
        ChangedLine(quiz, "place,", line => line.Replace(",1,", ",2,", StringComparison.Ordinal)).ShouldBeWrong("Leaderboard: rank of fan");
        ChangedLine(quiz, "correct,q1,a,", _ => "correct,q1,b,,,,,,,,,").ShouldBeWrong("Leaderboard: score of fan");
    }

    [Fact]
    public async Task A_file_that_is_no_whole_export_is_not_counted()
    {
        await using var host = await StartAsync();
        var json = await QuizAsync(host);
        var csv = await PollAsync(host, "csv");

        // Cut off anywhere.
        for (var i = 1; i < json.TrimEnd().Length; i += Math.Max(1, json.Length / 150))
        {
            Unreadable(json[..i]);
        }

        for (var i = 0; i < csv.TrimEnd().Length; i += Math.Max(1, csv.Length / 150))
        {
            Unreadable(csv[..i]);
        }

        Unreadable(json + "{}");
        Unreadable(csv + "head,,x,y,,,,,,,,\r\n");
        Unreadable(ChangedLine(csv, "end,", _ => null)).ShouldContain("broken off");
        Unreadable(Changed(json, f => f.AsObject().Remove("end"))).ShouldContain("broken off");
        Unreadable(Changed(json, f => f["format"] = "fanhub-export-v9")).ShouldContain("fanhub-export-v1 can be counted");
        Unreadable(Changed(json, f => f["questions"]![0]!.AsObject().Remove("result"))).ShouldContain("lacks result");
        Unreadable(Changed(json, f => Ballots(f)[0]!["fan"] = "1.2E+31")).ShouldContain("downloaded");
        Unreadable(ChangedLine(csv, "ballot,", line => line.Replace(",5,0,", ",five,0,", StringComparison.Ordinal))).ShouldContain("Line ");
        Unreadable("").ShouldContain("columns");
        Unreadable("[]");
        Unreadable("{}").ShouldContain("broken off");
        Unreadable("hello\n");
    }

    private static string Unreadable(string export)
    {
        var recounted = Exporting.Recount(export);
        recounted.Code.ShouldBe(2, $"{recounted.Output}\n{export}");
        recounted.Errors.ShouldContain("cannot be counted");
        recounted.Output.ShouldBeEmpty();
        return recounted.Errors;
    }

    private static JsonArray Ballots(JsonNode export) => export["questions"]![0]!["ballots"]!.AsArray();

    private static string Changed(string export, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(export)!;
        change(node);
        return node.ToJsonString();
    }

    private static string ChangedLine(string export, string begins, Func<string, string?> change)
    {
        var lines = export.Split("\r\n").ToList();
        var at = lines.FindIndex(l => l.StartsWith(begins, StringComparison.Ordinal));
        if (change(lines[at]) is { } changed)
        {
            lines[at] = changed;
        }
        else
        {
            lines.RemoveAt(at);
        }

        return string.Join("\r\n", lines);
    }

    private static async Task<string> PollAsync(EditorialHost host, string format = "json")
    {
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open");
        await host.CastAsync(poll, (1, 1), (2, 2), (3, 2));
        await host.DoAsync(poll, "close");
        var export = await host.ExportAsync($"polls/{poll}", format);
        export.ShouldBeRight();
        return export;
    }

    private static async Task<string> QuizAsync(EditorialHost host, string format = "json")
    {
        var quiz = await host.MakeAsync("quizzes", QuizExportTests.Quiz("speed", 100, questions: 2));
        await host.TellAsync($"quizzes/{quiz}", "start");
        await host.CastAsync($"{quiz}.q1", 3, (1, 1, 4_000, 0), (2, 1, 6_000, 0));
        await host.TellAsync($"quizzes/{quiz}", "next");
        await host.CastAsync($"{quiz}.q2", 3, (1, 0b11, 3_000, 0), (2, 0b11, 3_500, 0));
        await host.TellAsync($"quizzes/{quiz}", "finish");
        var export = await host.ExportAsync($"quizzes/{quiz}", format);
        export.ShouldBeRight();
        return export;
    }

    private static async Task<string> PredictionAsync(EditorialHost host)
    {
        var prediction = await host.MakeAsync("predictions", Bodies.Poll(new { points = 30 }));
        await host.TellAsync($"predictions/{prediction}", "open");
        await host.CastAsync(prediction, (1, 1), (2, 2));
        await host.TellAsync($"predictions/{prediction}", "lock");
        (await host.PostAsync($"predictions/{prediction}/settle", new { correct = new[] { "a" } })).Status.ShouldBe(200);
        var export = await host.ExportAsync($"predictions/{prediction}", "json");
        export.ShouldBeRight();
        return export;
    }
}

public sealed class TamperedExportsOnSqlite() : TamperedExportTests(Sqlite);

public sealed class TamperedExportsOnPostgres(PostgresFixture postgres) : TamperedExportTests(postgres.NewDatabaseAsync);
