namespace FanHub.Server.Ballots;

/// <summary>Records a batch of ballots in the writer's transaction, each fan's once, and counts them. The same rules are in <c>cast.lua</c>.</summary>
internal static class SqliteCast
{
    /// <summary>Does it.</summary>
    /// <returns>What became of each ballot, in the same order.</returns>
    public static CastResult[] Run(SqliteStatements statements, string interaction, BallotRules rules, IReadOnlyList<Ballot> batch)
    {
        var (box, isSealed) = statements.Box(interaction);
        var width = BallotCodec.ChoiceBytes(rules.Options);
        var results = new CastResult[batch.Count];
        Span<long> moved = stackalloc long[rules.Options];
        moved.Clear();
        long accepted = 0, changed = 0, repeated = 0, refused = 0, late = 0;
        for (var i = 0; i < results.Length; i++)
        {
            var (fan, value) = batch[i];
            var bytes = BallotCodec.Encode(value, rules.Options);
            if (!isSealed && statements.Insert(box, fan, bytes))
            {
                accepted++;
                Move(moved, value.Choices, 1);
                results[i] = new CastResult(CastStatus.Accepted, value);
                continue;
            }

            StoredBallot? held = statements.Held(box, fan) is { } stored ? BallotCodec.Decode(stored, width) : null;
            if (held is { } same && same.Submission == value.Submission && same.Choices == value.Choices)
            {
                repeated++;
                results[i] = new CastResult(CastStatus.Repeated, same);
            }
            else if (isSealed)
            {
                late++;
                results[i] = new CastResult(CastStatus.Sealed, held.GetValueOrDefault());
            }
            else if (rules.Changeable)
            {
                changed++;
                statements.Replace(box, fan, bytes);
                Move(moved, held.GetValueOrDefault().Choices, -1);
                Move(moved, value.Choices, 1);
                results[i] = new CastResult(CastStatus.Changed, value);
            }
            else
            {
                refused++;
                results[i] = new CastResult(CastStatus.AlreadyVoted, held.GetValueOrDefault());
            }
        }

        for (var option = 0; option < moved.Length; option++)
        {
            if (moved[option] != 0)
            {
                statements.Count(box, option, moved[option]);
            }
        }

        statements.Record(box, accepted, changed, isSealed ? 0 : repeated, late, refused);
        return results;
    }

    private static void Move(Span<long> counts, ulong choices, int by)
    {
        for (; choices != 0; choices &= choices - 1)
        {
            counts[System.Numerics.BitOperations.TrailingZeroCount(choices)] += by;
        }
    }
}
