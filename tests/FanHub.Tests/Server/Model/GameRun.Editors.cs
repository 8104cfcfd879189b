using System.Globalization;
using System.Text.Json.Nodes;
using FanHub.Contracts;

namespace FanHub.Tests.Server.Model;

/// <summary>What editors do.</summary>
internal sealed partial class GameRun
{
    private string[] Steps => kind switch
    {
        GameKind.Polls => ["open", "close", "reveal", "cancel", "revoke"],
        GameKind.Predictions => ["open", "lock", "settle", "void", "cancel", "revoke"],
        _ => ["start", "close", "reveal", "next", "finish", "cancel", "revoke"],
    };

    private Draft NewDraft(Random random) => kind == GameKind.Quizzes
        ? DraftWriter.Quiz(random, channel, stage.Now)
        : DraftWriter.Question(random, channel, kind == GameKind.Predictions, stage.Now);

    private async Task<IReadOnlyList<ModelEntity>> CreateAsync(Random random)
    {
        var draft = NewDraft(random);
        var reply = await PostAsync(random, Resource, draft.Body, []);
        AgreeOn(draft.IsWrong ? Outcome.Invalid : Outcome.Done, CodeOf(reply), "a draft");
        if (draft.IsWrong)
        {
            return [];
        }

        ModelEntity made = draft is QuizDraft quiz ? new ModelQuiz(channel, reply.Id, quiz) : new ModelQuestion(channel, reply.Id, kind == GameKind.Predictions, (QuestionDraft)draft);
        _entities.Add(made);
        Tell(made.Id);
        AgreeOnVersion(made, reply, 1);
        return [made];
    }

    private async Task<IReadOnlyList<ModelEntity>> EditAsync(Random random)
    {
        if (Pick(random) is not { } entity)
        {
            return [];
        }

        var draft = NewDraft(random);
        if (random.Next(2) == 0)
        {
            draft.Body.Remove("channel");
        }

        var (condition, isMet) = Condition(random, entity);
        var reply = await stage.Editors.PutAsync($"{Resource}/{entity.Id}", draft.Body, condition);
        Expect(entity, isMet ? entity.Edit(draft) : [ErrorCodes.PreconditionFailed], reply, "edit");
        return [entity];
    }

    private async Task<IReadOnlyList<ModelEntity>> StepAsync(Random random, bool leadsOn)
    {
        if (Pick(random) is not { } entity)
        {
            return [];
        }

        var step = leadsOn ? entity.NextStep(random) ?? Steps[0] : Steps[random.Next(Steps.Length)];
        if (!leadsOn && random.Next(20) == 0)
        {
            AgreeOn(Outcome.NotFound, CodeOf(await stage.Editors.PostAsync($"{Resource}/{Guid.Empty}/{step}", Settles(step) ? new { correct = Array.Empty<string>() } : null)), $"{step} of nothing");
            return [];
        }

        var (headers, isMet) = Condition(random, entity);
        if (entity is ModelQuestion prediction && step is "settle" or "void")
        {
            return await DecideAsync(random, prediction, step, headers, isMet);
        }

        var reply = await PostAsync(random, $"{Resource}/{entity.Id}/{step}", body: null, headers);
        Expect(entity, isMet ? entity.Do(step, stage.Now) : [ErrorCodes.PreconditionFailed], reply, step);
        return [entity];
    }

    private async Task<IReadOnlyList<ModelEntity>> DecideAsync(Random random, ModelQuestion prediction, string step, (string, string)[] headers, bool isMet)
    {
        long? editor = random.Next(6) == 0 ? Fans[random.Next(Fans.Length)] : null;
        headers = editor is { } fan ? [.. headers, ("X-Fan-Token", stage.TokenOf(fan))] : headers;
        IReadOnlyList<string>? correct = random.Next(25) switch
        {
            0 => null,
            1 => [prediction.Box.Options[0], "nothing"],
            _ => [.. prediction.Box.Options.Where(_ => random.Next(3) == 0).OrderBy(_ => random.Next())],
        };
        var body = !Settles(step) ? null : correct is null ? [] : new JsonObject { ["correct"] = new JsonArray([.. correct.Select(c => (JsonNode)c)]) };
        var reply = await PostAsync(random, $"{Resource}/{prediction.Id}/{step}", body, headers);
        var changes = !Settles(step) || !prediction.IsSettledAs(correct);
        Expect(
            prediction,
            !isMet ? [ErrorCodes.PreconditionFailed] : Settles(step) ? prediction.Settle(correct, stage.Now, editor) : prediction.Void(stage.Now, editor),
            reply,
            $"{step} {body?.ToJsonString()} by fan {editor}",
            changes);
        return [prediction];
    }

    private async Task<IReadOnlyList<ModelEntity>> RepeatAsync(Random random)
    {
        if (_keyed.Count == 0)
        {
            return [];
        }

        var request = _keyed[random.Next(_keyed.Count)];
        var reply = await stage.Editors.PostAsync(request.Path, request.Body, request.Headers);
        AgreeOn([$"{request.Reply.Status} {request.Reply.ETag}"], $"{reply.Status} {reply.ETag}", $"once more {request.Path}");
        Agree(reply.Content == request.Reply.Content && reply.Headers.Contains("Idempotency-Replayed"), () => $"The answer should be as before, and say so: {reply.Content}");
        return Some(random);
    }

    private async Task<IReadOnlyList<ModelEntity>> ClashAsync(Random random)
    {
        if (_keyed.Count == 0)
        {
            return [];
        }

        var request = _keyed[random.Next(_keyed.Count)];
        var other = Pick(random);
        var reply = other is not null && random.Next(2) == 0
            ? await stage.Editors.PostAsync($"{Resource}/{other.Id}/cancel?again", body: "{}", request.Headers)
            : await stage.Editors.PostAsync(Resource, NewDraft(random).Body, request.Headers);
        AgreeOn(Outcome.Conflict, CodeOf(reply), $"something else under the key of {request.Path}");
        return Some(random);
    }

    /// <summary>Sends it, now and then under a key.</summary>
    private async Task<Reply> PostAsync(Random random, string path, JsonObject? body, (string Name, string Value)[] headers)
    {
        if (random.Next(4) > 0)
        {
            return await stage.Editors.PostAsync(path, body, headers);
        }

        headers = [.. headers, ("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"{channel}-{++_keys}"))];
        var reply = await stage.Editors.PostAsync(path, body, headers);
        if (reply.Status < 300)
        {
            _keyed.Add(new KeyedRequest(path, body, headers, reply));
        }

        return reply;
    }

    private static ((string Name, string Value)[] Header, bool IsMet) Condition(Random random, ModelEntity entity)
    {
        var (tags, isMet) = random.Next(12) switch
        {
            0 => ($"\"{entity.Version}\"", true),
            1 => ("*", true),
            2 => ($"\"{entity.Version - 1}\", \"{entity.Version}\"", true),
            3 => ($"\"{entity.Version - 1}\"", false),
            4 => ($"W/\"{entity.Version}\"", false),
            _ => ("", true),
        };
        return (tags.Length > 0 ? [("If-Match", tags)] : [], isMet);
    }

    private void Expect(ModelEntity entity, string[] expected, Reply reply, string what, bool changes = true)
    {
        AgreeOn(expected, CodeOf(reply), $"{what} of {entity.Id}");
        if (reply.Status < 300)
        {
            AgreeOnVersion(entity, reply, entity.Version + (changes ? 1 : 0));
        }
    }

    // Takes the version over: a step of a quiz may be several changes.
    private static void AgreeOnVersion(ModelEntity entity, Reply reply, long atLeast)
    {
        var version = reply.Body.GetProperty("version").GetInt64();
        Agree(version >= atLeast && reply.ETag == $"\"{version}\"", () => $"The version should be {atLeast} or more, and is {version}; the tag is {reply.ETag}.");
        entity.Version = version;
        Agree(entity is not ModelQuestion || version == atLeast, () => $"The version should be {atLeast}, and is {version}.");
    }

    private static bool Settles(string step) => step == "settle";

    private static string CodeOf(Reply reply) => reply.Status < 300 ? Outcome.Ok : reply.Code ?? $"{reply.Status}";

    private sealed record KeyedRequest(string Path, JsonObject? Body, (string Name, string Value)[] Headers, Reply Reply);
}
