using System.Runtime.CompilerServices;
using FanHub.Server.Ballots;
using FanHub.Server.Questions;

namespace FanHub.Server.Exports;

/// <summary>
/// The ballots of a sealed box in the order of their fans' salted ids. Boxes give them in the order of fans' numbers, or nearly, and numbers follow the clock: in that order a line
/// would say when its fan joined. In this one it says nothing, and no more than <see cref="Held"/> or so need to be held: the box is read once for each part of the ids.
/// </summary>
internal sealed class BallotsInOrder(IBallotBox box, SaltedFans fans)
{
    /// <summary>About how many ballots are held: some 8 MB. A box of a million is read eight times.</summary>
    public const int Held = 131_072;

    /// <summary>All of them.</summary>
    /// <param name="round">The box.</param>
    /// <param name="expected">How many there are; where there are others, it is more work or more memory.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BallotBoxUnavailableException">Broken off.</exception>
    public async IAsyncEnumerable<(UInt128 Fan, RecordedBallot Ballot)> ReadAsync(Round round, long expected, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = (ulong)Math.Max(1, (expected + Held - 1) / Held);
        var held = new List<(UInt128 Fan, RecordedBallot Ballot)>();
        for (var part = 0UL; part < parts; part++)
        {
            held.Clear();
            await foreach (var ballot in box.ReadAllAsync(round.Id, round.Options, cancellationToken))
            {
                var fan = fans.IdOf(ballot.Fan);
                if (PartOf(fan, parts) == part)
                {
                    held.Add((fan, ballot));
                }
            }

            held.Sort(static (a, b) => a.Fan.CompareTo(b.Fan));
            foreach (var ballot in held)
            {
                yield return ballot;
            }
        }
    }

    // Cuts all ids there can be into equal parts, in their order.
    private static ulong PartOf(UInt128 fan, ulong parts) => Math.BigMul((ulong)(fan >> 64), parts, out _);
}
