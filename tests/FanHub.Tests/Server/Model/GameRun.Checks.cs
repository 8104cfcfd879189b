using System.Globalization;
using System.Text.Json.Nodes;
using FanHub.Contracts;

namespace FanHub.Tests.Server.Model;

/// <summary>Where the server is, and where the model is.</summary>
internal sealed partial class GameRun
{
    private readonly Dictionary<string, (string Epoch, long Version, string Data)> _seen = new(StringComparer.Ordinal);

    private IEnumerable<ModelBoard> Boards => kind switch
    {
        GameKind.Polls => [],
        GameKind.Predictions => new[] { ModelBoard.OfPredictions(channel, _entities.Cast<ModelQuestion>()) }.OfType<ModelBoard>(),
        _ => _entities.Cast<ModelQuiz>().Select(ModelBoard.OfQuiz).OfType<ModelBoard>(),
    };

    private async Task CheckAsync(Random random, IReadOnlyList<ModelEntity> touched, bool wasSaved)
    {
        if (wasSaved)
        {
            await stage.FinishAsync(givesPoints: kind != GameKind.Polls);
        }

        await stage.Fans.HearAsync(channel);
        foreach (var entity in touched)
        {
            await AgreeOnViewAsync(entity);
        }

        var fan = Fans[random.Next(Fans.Length)];
        await AgreeOnItemsAsync(fan);
        await AgreeOnMineAsync(fan, [.. _entities.OrderBy(_ => random.Next()).Take(4)]);
        await AgreeOnStandingAsync(fan, random);
    }

    private async Task CheckAllAsync()
    {
        await stage.FinishAsync(givesPoints: kind != GameKind.Polls);
        await stage.Fans.HearAsync(channel);
        foreach (var entity in _entities)
        {
            await AgreeOnViewAsync(entity);
            foreach (var (question, box) in BoxesOf(entity))
            {
                await AgreeOnCountAsync(entity, question, box);
            }
        }

        foreach (var fan in Fans)
        {
            await AgreeOnItemsAsync(fan);
            await AgreeOnMineAsync(fan, _entities);
        }

        foreach (var board in Boards)
        {
            var ranked = new List<string>();
            await foreach (var row in stage.Fans.Boards.ReadAllAsync(board.Id))
            {
                ranked.Add($"{row.Rank} {row.Fan} {row.Points} {row.TimeMs}");
            }

            var expected = board.Totals.Keys.OrderBy(board.RankOf).ThenBy(f => f).Select(f => $"{board.RankOf(f)} {f} {board.Totals[f].Points} {board.Totals[f].SavedMs}").ToList();
            Agree(ranked.SequenceEqual(expected), () => $"The board {board.Id} should be\n{string.Join('\n', expected)}\nand is\n{string.Join('\n', ranked)}");
        }
    }

    private async Task AgreeOnViewAsync(ModelEntity entity)
    {
        var reply = await stage.Editors.GetAsync($"{Resource}/{entity.Id}");
        var view = JsonNode.Parse(reply.Content)!.AsObject();
        var version = (long)view["version"]!;
        // What happens by itself is not answered to anybody: its version is seen here first.
        Agree(version >= entity.Version, () => $"{entity.Id} went back from version {entity.Version} to {version}.");
        entity.Version = version;
        AgreeOn(JsonDifferences.Between(entity.View(), view, whole: false, entity.Id), "an editor");
        if (entity is ModelQuestion question)
        {
            AgreeOn(JsonDifferences.Between(question.IsOpen ? question.Box.Tally(question.Id, final: false) : null, view["tally"], whole: true, "tally"), "an editor");
        }
    }

    private async Task AgreeOnItemsAsync(long fan)
    {
        var (delayMs, locale) = _wishes.GetValueOrDefault(fan);
        var told = await stage.Fans.Fan(fan).FollowAsync(channel, locale, delayMs);
        Agree(told.Code == Outcome.Ok, () => $"Following should be possible, and is {told.Code}.");
        _following.Add(fan);
        var lang = locale is { } asked && asked.StartsWith("fr", StringComparison.Ordinal) ? "fr" : "en";
        var expected = _entities.SelectMany(e => e.ShownTo(fan, lang)).Concat(Boards.Select(b => b.Item())).ToDictionary(s => s.Key, StringComparer.Ordinal);
        var actual = told.Value!["updates"]!.AsArray().Select(u => u!.AsObject()).ToDictionary(u => (string)u["key"]!, StringComparer.Ordinal);
        AgreeOn(actual.Keys.Except(expected.Keys).Select(key => $"{key} should not be there: {actual[key]["data"]?.ToJsonString()}"), $"fan {fan}");
        foreach (var (key, shown) in expected)
        {
            if (!actual.TryGetValue(key, out var update))
            {
                Agree(shown.Optional, () => $"fan {fan} should see {key}: {shown.Data.ToJsonString()}");
                continue;
            }

            AgreeOn(JsonDifferences.Between(shown.Data, update["data"], whole: true, key), $"fan {fan}");
            AgreeOn(shown.At is { } at ? JsonDifferences.Between(at.ToUnixTimeMilliseconds(), update["at"], whole: true, $"{key}.at") : [], $"fan {fan}");
            AgreeOn(shown.Version is { } version ? JsonDifferences.Between(version, update["version"], whole: true, $"{key}.version") : [], $"fan {fan}");
            AgreeThatItGrew(key, lang, update);
        }
    }

    /// <summary>Whoever comes later, and in whatever language, sees no older version, and another text only under a newer one.</summary>
    private void AgreeThatItGrew(string key, string lang, JsonObject update)
    {
        var now = (Epoch: (string)update["epoch"]!, Version: (long)update["version"]!, Data: update["data"]!.ToJsonString());
        if (_seen.TryGetValue($"{key} {lang}", out var before) && before.Epoch == now.Epoch)
        {
            Agree(now.Version >= before.Version && (now.Version > before.Version || now.Data == before.Data), () => $"{key} should have grown from {before}, and is {now}.");
        }

        _seen[$"{key} {lang}"] = now;
    }

    private async Task AgreeOnMineAsync(long fan, IReadOnlyList<ModelEntity> entities)
    {
        string[] ids = [.. entities.Select(e => e.Id), "nothing"];
        var told = await stage.Fans.Fan(fan).MineAsync([.. ids.Take(50)]);
        var expected = entities.Select(e => (e.Id, Own: e.BallotOf(fan))).Where(e => e.Own is not null)
            .Select(e => Line(e.Id, e.Own!.Value.Question, e.Own.Value.Ballot.Choices.Select(c => e.Own.Value.Options[c]), e.Own.Value.Ballot.Receipt, e.Own.Value.Ballot.At)).Order(StringComparer.Ordinal).ToList();
        var actual = told.Value?.Select(o => Line(o.Interaction, o.Question, o.Choices, o.Receipt, o.At)).Order(StringComparer.Ordinal).ToList();
        Agree(actual is not null && actual.SequenceEqual(expected), () => $"Mine of fan {fan} should be\n{string.Join('\n', expected)}\nand is {told.Code}\n{string.Join('\n', actual ?? [])}");

        static string Line(string id, string? question, IEnumerable<string> choices, string? receipt, DateTimeOffset at) =>
            string.Create(CultureInfo.InvariantCulture, $"{id} {question} [{string.Join(',', choices)}] {receipt} {at:O}");
    }

    private async Task AgreeOnStandingAsync(long fan, Random random)
    {
        var boards = Boards.ToDictionary(b => b.Id, StringComparer.Ordinal);
        var id = kind == GameKind.Predictions ? $"predictions.{channel}" : Pick(random)?.Id ?? "nothing";
        var told = await stage.Fans.Fan(fan).StandingAsync(id);
        var there = kind == GameKind.Predictions || (kind == GameKind.Quizzes && _entities.Any(e => e.Id == id && e.IsPublished && e.State != "revoked"));
        var board = boards.GetValueOrDefault(id);
        var expected = !there ? ErrorCodes.NotFound : board is null ? $"{new Standing(0, null, 0)}" : $"{new Standing(board.Totals.GetValueOrDefault(fan).Points, board.RankOf(fan), board.Totals.Count)}";
        Agree((told.Value?.ToString() ?? told.Code) == expected, () => $"Fan {fan} should stand in {id} at {expected}, and stands at {told.Value?.ToString() ?? told.Code}.");
    }

    private static void AgreeOn(IEnumerable<string> differences, string who)
    {
        var all = differences.ToList();
        Agree(all.Count == 0, () => $"{who} sees something else:\n{string.Join('\n', all)}");
    }
}
