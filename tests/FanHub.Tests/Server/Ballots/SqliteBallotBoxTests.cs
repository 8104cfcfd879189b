using FanHub.Server.Ballots;
using FanHub.Tests.Contracts;

namespace FanHub.Tests.Server.Ballots;

public sealed class SqliteBallotBoxTests : BallotBoxContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fanhub-ballots-").FullName;
    private SqliteBallotBox? _box;

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_process_ended_without_warning()
    {
        var poll = "poll-1";
        var rules = new BallotRules(3, Changeable: false);
        await Box.CastAsync(poll, rules, [Make(1, 0b1, 1), Make(2, 0b10, 1)]);
        var fans = await Box.ReserveFansAsync(128);
        await Box.SealAsync(poll, "athletics", 3);

        // What lies in the folder at this moment, with the file still open, is what a killed process leaves.
        var copy = Directory.CreateTempSubdirectory("fanhub-ballots-").FullName;
        foreach (var file in Directory.GetFiles(_folder))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        using (var reopened = new SqliteBallotBox(copy, TimeProvider.System))
        {
            var tally = await reopened.TallyAsync(poll, 3);
            tally.Counts.ShouldBe([1, 1, 0]);
            tally.Sealed.ShouldBeTrue();
            (await reopened.FindBallotAsync(poll, 3, 2)).ShouldBe(new StoredBallot(0b10, 1, 0));
            (await reopened.ReserveFansAsync(128)).ShouldBeGreaterThanOrEqualTo(fans + 128);
        }

        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task A_closed_box_is_unavailable()
    {
        _box!.Dispose();
        await Should.ThrowAsync<BallotBoxUnavailableException>(() => Box.CastAsync("poll-1", new BallotRules(3, Changeable: false), [Make(1, 0b1, 1)]));
    }

    [Fact]
    public async Task Fan_numbers_are_not_given_out_again_after_the_file_was_lost()
    {
        var before = new List<(long First, int Count)>();
        for (var i = 0; i < 30; i++)
        {
            before.Add((await Box.ReserveFansAsync(10_000), 10_000));
        }

        var empty = Directory.CreateTempSubdirectory("fanhub-ballots-").FullName;
        using (var afterLoss = new SqliteBallotBox(empty, TimeProvider.System))
        {
            before.Add((await afterLoss.ReserveFansAsync(10_000), 10_000));
        }

        ShouldNotOverlap(before);
        Directory.Delete(empty, recursive: true);
    }

    private protected override Task<IBallotBox> OpenAsync() => Task.FromResult<IBallotBox>(_box = new SqliteBallotBox(_folder, TimeProvider.System));

    private protected override Task<IBallotBox> OpenAnotherAsync() => Task.FromResult<IBallotBox>(_box!);

    private protected override Task CloseAsync()
    {
        _box?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
