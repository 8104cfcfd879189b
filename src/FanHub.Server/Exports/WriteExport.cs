using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using FanHub.Server.Leaderboards;

namespace FanHub.Server.Exports;

/// <summary>Writes exports: ballots and places go from the stores to the reader, some hundred lines at a time.</summary>
internal sealed partial class WriteExport(IBallotBox box, ILeaderboard boards, IFanProfiles profiles, SecretKeys keys, ILogger<WriteExport> logger)
{
    private const int LinesAtOnce = 256;

    /// <summary>Writes one. Until the first lines are there, nothing is written, so that an early failure can still be told as one.</summary>
    /// <param name="export">What.</param>
    /// <param name="formats">How.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <exception cref="FanHubException"><c>unavailable</c>: the key of receipts cannot be had; nothing was written.</exception>
    /// <exception cref="BallotBoxUnavailableException">Broken off, without an end.</exception>
    /// <exception cref="LeaderboardUnavailableException">Broken off, without an end.</exception>
    /// <exception cref="FanProfilesUnavailableException">Broken off, without an end.</exception>
    public async Task RunAsync(Export export, Func<IBufferWriter<byte>, IExportFormat> formats, Stream output, CancellationToken cancellationToken)
    {
        var waiting = new ArrayBufferWriter<byte>();
        var format = formats(waiting);
        var fans = new SaltedFans();
        var (ballots, places) = (0L, 0L);
        format.Begin(export);
        if (export.Rounds.Count > 0)
        {
            var receipts = new Receipts(await keys.FindAsync());
            foreach (var round in export.Rounds)
            {
                var before = ballots;
                format.BeginRound(round);
                await foreach (var (fan, ballot) in new BallotsInOrder(box, fans).ReadAsync(round.Round, round.Result.Ballots, cancellationToken))
                {
                    format.Write(Ballot(round, receipts, fan, ballot));
                    if (++ballots % LinesAtOnce == 0)
                    {
                        await SendAsync(waiting, output, cancellationToken);
                    }
                }

                format.EndRound();
                WarnOfOthers(round, ballots - before);
            }
        }

        if (export.Board is { } board)
        {
            format.BeginPlaces();
            await foreach (var place in new PlacesInOrder(boards, profiles, fans).ReadAsync(board, export.Names, cancellationToken))
            {
                format.Write(place);
                if (++places % LinesAtOnce == 0)
                {
                    await SendAsync(waiting, output, cancellationToken);
                }
            }
        }

        format.End(ballots, places);
        await SendAsync(waiting, output, cancellationToken);
    }

    private static ExportedBallot Ballot(ExportedRound round, Receipts receipts, UInt128 fan, RecordedBallot ballot)
    {
        var receipt = receipts.For(round.Round.Id, ballot.Fan, ballot.Value);
        return new ExportedBallot(
            fan,
            ballot.Value.Choices,
            ballot.Value.ElapsedMs,
            ballot.Value.CreditMs,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(receipt))),
            round.Earned?.Invoke(ballot.Value.Choices));
    }

    private static async Task SendAsync(ArrayBufferWriter<byte> waiting, Stream output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(waiting.WrittenMemory, cancellationToken);
        await output.FlushAsync(cancellationToken);
        waiting.ResetWrittenCount();
    }

    // The export says what there is: whoever counts it sees the difference.
    private void WarnOfOthers(ExportedRound round, long ballots)
    {
        var counted = round.Result.Ballots + (round.Result.Mismatch?.Unreadable ?? 0);
        if (ballots != counted)
        {
            LogOthers(round.Box, ballots, counted);
        }
    }

    /// <summary>Notes that an export was broken off.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "The export of {Kind} {Id} broke off; what was sent of it has no end")]
    public partial void LogBrokenOff(Exception failure, string kind, string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "ALARM: {Interaction}: {Ballots} ballots were exported, but {Counted} were in the box when it was counted")]
    private partial void LogOthers(string interaction, long ballots, long counted);
}
