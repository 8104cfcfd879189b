using FanHub.Server.Ballots;
using FanHub.Server.Exports;

namespace FanHub.Tests.Server.Exports;

/// <summary>What is large is in the ballot box, whichever database there is.</summary>
public sealed class LargeExportTests() : EditorialTests(Sqlite)
{
    private const int Ballots = 200_000;

    [Fact]
    public async Task A_large_export_is_sent_while_it_is_read_and_one_that_breaks_off_does_not_look_whole()
    {
        FaultyBox box = null!;
        await using var host = await StartAsync(box: real => box = new FaultyBox(real));
        var poll = await host.NewPollAsync();
        await host.DoAsync(poll, "open");
        foreach (var batch in Enumerable.Range(0, Ballots).Chunk(BallotRules.MaxBatch))
        {
            await host.Box.CastAsync(poll, new BallotRules(2, Changeable: false), [.. batch.Select(f => new Ballot(f, new StoredBallot((ulong)(1 + (f % 2)), (uint)f, f)))]);
        }

        await host.DoAsync(poll, "close");

        // The second time that the box is read, it stops in the middle until somebody has got most of what the first time gave.
        var passes = 0;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        box.Read = ballots => ++passes == 2 ? Hold(ballots, gate.Task) : ballots;
        var file = Path.GetTempFileName();
        using (var response = await host.Http.SendAsync(Exporting.ExportRequest($"polls/{poll}/export?format=csv"), HttpCompletionOption.ResponseHeadersRead))
        using (var reader = new StreamReader(await response.Content.ReadAsStreamAsync()))
        await using (var saved = new StreamWriter(file))
        {
            var (lines, last) = (0, string.Empty);
            while (await reader.ReadLineAsync() is { } line)
            {
                await saved.WriteAsync($"{line}\r\n");
                if (line.StartsWith("ballot,", StringComparison.Ordinal))
                {
                    var fan = line.Split(',')[4];
                    string.CompareOrdinal(fan, last).ShouldBeGreaterThan(0);
                    last = fan;
                    if (++lines == Ballots / 4)
                    {
                        gate.Task.IsCompleted.ShouldBeFalse();
                        gate.SetResult();
                    }
                }
            }

            lines.ShouldBe(Ballots);
        }

        passes.ShouldBe((Ballots + BallotsInOrder.Held - 1) / BallotsInOrder.Held);
        File.ReadAllText(file).ShouldBeRight().Output.ShouldContain("200,000");

        // Before anything was sent, it is told as what it is.
        box.Read = ballots => Break(ballots);
        var refused = await host.GetAsync($"polls/{poll}/export");
        refused.Status.ShouldBe(503);
        refused.Code.ShouldBe(FanHub.Contracts.ErrorCodes.Unavailable);

        // Afterwards it has no end, and the connection says so.
        foreach (var format in (string[])["csv", "json"])
        {
            passes = 0;
            box.Read = ballots => ++passes == 2 ? Break(ballots) : ballots;
            using var response = await host.Http.SendAsync(Exporting.ExportRequest($"polls/{poll}/export?format={format}"), HttpCompletionOption.ResponseHeadersRead);
            await using (var saved = File.Create(file))
            {
                await Should.ThrowAsync<Exception>(async () => await response.Content.CopyToAsync(saved));
            }

            var part = await File.ReadAllTextAsync(file);
            part.Length.ShouldBeGreaterThan(1_000_000);
            Exporting.Recount(part).Code.ShouldBe(2);
        }

        File.Delete(file);
        host.Logs.Lines.ShouldContain(l => l.Contains("broke off", StringComparison.Ordinal));
    }

    private static async IAsyncEnumerable<RecordedBallot> Hold(IAsyncEnumerable<RecordedBallot> ballots, Task until)
    {
        var read = 0;
        await foreach (var ballot in ballots)
        {
            if (++read == Ballots / 2)
            {
                await until.WaitAsync(TimeSpan.FromSeconds(20));
            }

            yield return ballot;
        }
    }

    private static async IAsyncEnumerable<RecordedBallot> Break(IAsyncEnumerable<RecordedBallot> ballots)
    {
        await foreach (var ballot in ballots)
        {
            yield return ballot;
            throw new BallotBoxUnavailableException("Away.");
        }
    }
}
