using FanHub.Server.Leaderboards;
using FanHub.Tests.Contracts;
using Microsoft.Data.Sqlite;

namespace FanHub.Tests.Server.Leaderboards;

public sealed class SqliteLeaderboardTests : LeaderboardContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fanhub-boards-").FullName;
    private SqliteLeaderboard? _boards;

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_process_ended_without_warning()
    {
        await AwardAsync("q1", new Award(1, 5, 7), new Award(2, 3, 1));
        await Boards.NextVersionAsync("quiz-1");

        // What lies in the folder at this moment, with the file still open, is what a killed process leaves.
        var copy = Directory.CreateTempSubdirectory("fanhub-boards-").FullName;
        foreach (var file in Directory.GetFiles(_folder))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        using (var reopened = new SqliteLeaderboard(copy))
        {
            (await reopened.TopAsync("quiz-1", 10)).ShouldBe([new RankedFan(1, 1, 5, 7), new RankedFan(2, 2, 3, 1)]);
            (await reopened.AppliedAsync("quiz-1", "q1")).ShouldBe(new Dictionary<long, long> { [0] = 1 });
            (await reopened.NextVersionAsync("quiz-1")).ShouldBe(2);
        }

        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task A_removed_board_leaves_no_rows()
    {
        await AwardAsync("q1", Enumerable.Range(0, 3000).Select(fan => new Award(fan, 1, 1)).ToArray());
        await Boards.NextVersionAsync("quiz-1");

        await Boards.RemoveAsync("quiz-1");

        await using var connection = new SqliteConnection(SqliteBoardSchema.ConnectionString(_folder));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT count(*) FROM boards) + (SELECT count(*) FROM standings) + (SELECT count(*) FROM applied)";
        (await command.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task A_closed_file_is_unavailable()
    {
        _boards!.Dispose();
        await Should.ThrowAsync<LeaderboardUnavailableException>(() => Boards.AwardAsync("quiz-1", new AwardChunk("q1", 0, 0, 1, [new Award(1, 1, 1)])));
    }

    private protected override Task<ILeaderboard> OpenAsync() => Task.FromResult<ILeaderboard>(_boards = new SqliteLeaderboard(_folder));

    private protected override Task<ILeaderboard> OpenAnotherAsync() => Task.FromResult<ILeaderboard>(_boards!);

    private protected override Task CloseAsync()
    {
        _boards?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
