using FanHub.Contracts;
using FanHub.Server.Ballots;

namespace FanHub.Tests.Server.Model;

/// <summary>What fans do.</summary>
internal sealed partial class GameRun
{
    private async Task<IReadOnlyList<ModelEntity>> CastAsync(Random random)
    {
        if (PickToAnswer(random) is not { } entity)
        {
            return [];
        }

        if (random.Next(25) == 0)
        {
            await CastWronglyAsync(random, entity);
            return [];
        }

        var (question, box) = AnswerTo(random, entity);
        // Several at once are of several fans: what one fan sends at once may be taken in either order.
        var fans = Fans.OrderBy(_ => random.Next()).Take(random.Next(8) == 0 ? random.Next(2, 8) : 1).ToList();
        await CastAsync(entity, [.. fans.Select(fan => new Sent(fan, question, Choices(random, box), $"s{random.Next(3)}"))]);
        return [entity];
    }

    private async Task<IReadOnlyList<ModelEntity>> ResendAsync(Random random)
    {
        var recorded = _entities.SelectMany(e => BoxesOf(e).SelectMany(b => b.Box.Ballots.Select(x => (Entity: e, b.Question, b.Box, Fan: x.Key, Ballot: x.Value)))).OrderBy(r => (r.Entity.Id, r.Question, r.Fan)).ToList();
        if (recorded.Count == 0)
        {
            return [];
        }

        // Mostly of the newest.
        var (entity, question, box, fan, ballot) = recorded[Math.Max(random.Next(recorded.Count), random.Next(recorded.Count))];
        await CastAsync(entity, [new Sent(fan, question, [.. ballot.Choices.Select(c => box.Options[c]).OrderBy(_ => random.Next())], ballot.Submission)]);
        return [entity];
    }

    private async Task<IReadOnlyList<ModelEntity>> AskMoreTimeAsync(Random random)
    {
        if (Pick(random) is not { } entity)
        {
            return [];
        }

        var fan = Fans[random.Next(Fans.Length)];
        AgreeOn(entity is ModelQuiz quiz ? quiz.AskMoreTime(fan, stage.Now) : Outcome.NotFound, (await stage.Fans.Fan(fan).MoreTimeAsync(entity.Id)).Code, $"fan {fan} in {entity.Id}");
        return [];
    }

    private async Task CastAsync(ModelEntity entity, IReadOnlyList<Sent> sent)
    {
        var now = stage.Now;
        var replies = await Task.WhenAll(sent.Select(s => s.Question is { } question
            ? stage.Fans.Fan(s.Fan).AnswerAsync(entity.Id, question, s.Choices, s.Submission)
            : stage.Fans.Fan(s.Fan).VoteAsync(entity.Id, s.Choices, s.Submission)));
        foreach (var (s, told) in sent.Zip(replies))
        {
            var expected = entity is ModelQuiz quiz
                ? quiz.Cast(s.Fan, s.Question!, s.Choices, s.Submission, DelayOf(s.Fan), now)
                : ((ModelQuestion)entity).Cast(s.Fan, s.Choices, s.Submission, DelayOf(s.Fan), now);
            AgreeOn(expected, told.Value?.Status.ToString().ToLowerInvariant() ?? told.Code, $"fan {s.Fan} [{string.Join(',', s.Choices)}] {s.Submission} in {entity.Id} {s.Question}");
            if (told.Value is { } reply)
            {
                var ballot = BoxesOf(entity).Single(b => b.Question == s.Question).Box.Ballots[s.Fan];
                Agree(reply.At == ballot.At && (reply.Status != BallotStatus.Repeated || reply.Receipt == ballot.Receipt), () => $"The receipt should be {ballot.Receipt}, of {ballot.At:O}, and is {reply.Receipt}, of {reply.At:O}.");
                Agree(reply.Status == BallotStatus.Repeated || reply.Receipt != ballot.Receipt, () => "Another ballot should have another receipt.");
                ballot.Receipt = reply.Receipt;
            }
        }

        foreach (var (question, box) in BoxesOf(entity).Where(b => b.Question == sent[0].Question))
        {
            await AgreeOnCountAsync(entity, question, box);
        }
    }

    /// <summary>Ballots that break a rule whatever they are cast in.</summary>
    private async Task CastWronglyAsync(Random random, ModelEntity entity)
    {
        var fan = stage.Fans.Fan(Fans[random.Next(Fans.Length)]);
        var (what, told, expected) = random.Next(6) switch
        {
            0 => ("nothing", await fan.VoteAsync(entity.Id, [], "s"), Outcome.Invalid),
            1 => ("an option twice", await fan.VoteAsync(entity.Id, ["a", "a"], "s"), Outcome.Invalid),
            2 => ("without a submission", await fan.VoteAsync(entity.Id, ["a"], ""), Outcome.Invalid),
            3 => ("in what there is not", await fan.VoteAsync(Guid.Empty.ToString(), ["a"], "s"), Outcome.NotFound),
            4 => ("an answer to what there is not", await fan.AnswerAsync(Guid.Empty.ToString(), "q", ["a"], "s"), Outcome.NotFound),
            _ when entity is ModelQuiz => ("a vote in a quiz", await fan.VoteAsync(entity.Id, ["a"], "s"), ShownOr(Outcome.Invalid)),
            _ => ("an answer to no quiz", await fan.AnswerAsync(entity.Id, "q", ["a"], "s"), ShownOr(Outcome.Invalid)),
        };
        AgreeOn(expected, told.Code, what);

        string[] ShownOr(string[] outcome) => entity.IsPublished && entity.State != "revoked" ? outcome : [ErrorCodes.NotOpen, ErrorCodes.Closed];
    }

    private static (string? Question, ModelBox Box) AnswerTo(Random random, ModelEntity entity)
    {
        if (entity is not ModelQuiz quiz)
        {
            return (null, ((ModelQuestion)entity).Box);
        }

        var question = quiz.Current is { } current && random.Next(5) > 0 ? current : quiz.Questions[random.Next(quiz.Questions.Count)];
        return (random.Next(30) == 0 ? "no-question" : question.Id, question.Box);
    }

    private static IReadOnlyList<string> Choices(Random random, ModelBox box)
    {
        var most = random.Next(15) == 0 ? box.Options.Count : box.MaxChoices;
        var choices = box.Options.OrderBy(_ => random.Next()).Take(random.Next(1, most + 1)).ToList();
        if (random.Next(30) == 0)
        {
            choices[0] = "nothing";
        }

        return choices;
    }

    private static IEnumerable<(string? Question, ModelBox Box)> BoxesOf(ModelEntity entity) =>
        entity is ModelQuiz quiz ? quiz.Questions.Select(q => ((string?)q.Id, q.Box)) : [(null, ((ModelQuestion)entity).Box)];

    /// <summary>Once the nodes have told the box of what they refused: the whole record, and the running count where it is public.</summary>
    private async Task AgreeOnCountAsync(ModelEntity entity, string? question, ModelBox box)
    {
        var id = question is null ? entity.Id : $"{entity.Id}.{question}";
        var expected = (box.Ballots.Count, box.Changed, box.Repeated, box.Late, box.Refused, string.Join(',', box.Counts));
        var actual = expected;
        var agreed = await stage.Fans.TickUntilAsync(async () =>
        {
            var tally = await stage.Fans.Box.TallyAsync(id, box.Options.Count);
            actual = ((int)tally.Ballots, tally.Changed, tally.Repeated, tally.Late, tally.Refused, string.Join(',', tally.Counts));
            return actual == expected && (entity is not ModelQuestion { IsOpen: true, CountsInPublic: true } || tally.Sequence == 0 || await IsPublishedAsync(tally));
        });
        Agree(agreed, () => $"The record of {id} should be {expected}, and is {actual}; or its running count was not published.");

        async Task<bool> IsPublishedAsync(Tally tally) =>
            (await stage.Fans.Log.ReadAsync(channel))?.Items.FirstOrDefault(e => e.Item.Key == TallyItems.Key(id))?.Item.Version == tally.Sequence + 1;
    }

    private sealed record Sent(long Fan, string? Question, IReadOnlyList<string> Choices, string Submission);
}
