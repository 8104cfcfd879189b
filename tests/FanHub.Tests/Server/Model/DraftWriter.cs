using System.Text.Json.Nodes;

namespace FanHub.Tests.Server.Model;

/// <summary>Makes up what editors send: mostly sound, now and then with one mistake in it.</summary>
internal static class DraftWriter
{
    private const int OneInMistaken = 14;
    private static readonly string[] Letters = ["a", "b", "c", "d", "e", "f", "g"];

    public static QuestionDraft Question(Random random, string channel, bool isPrediction, DateTimeOffset now)
    {
        var opensAt = Sometimes(random, 4) ? now.AddMilliseconds(random.Next(1, 20_000)) : (DateTimeOffset?)null;
        var closesAt = Sometimes(random, 4) ? (opensAt ?? now).AddMilliseconds(random.Next(1, 40_000)) : (DateTimeOffset?)null;
        var options = random.Next(2, 6);
        var body = new JsonObject { ["channel"] = channel, ["title"] = Text(random, "Who wins"), ["options"] = Options(random, options) };
        Maybe(random, body, "maxChoices", () => random.Next(1, options + 1));
        Maybe(random, body, "changeable", () => random.Next(2) == 0);
        Maybe(random, body, "visibility", () => ((string[])["live", "after_vote", "after_close", "never"])[random.Next(4)]);
        Maybe(random, body, "lateWindowMs", () => random.Next(0, 12_000));
        if (closesAt is null)
        {
            Maybe(random, body, "seconds", () => random.Next(1, 30));
        }

        if (isPrediction)
        {
            Maybe(random, body, "points", () => random.Next(0, 300));
            Maybe(random, body, "unit", () => $"UNIT-{random.Next(10)}");
        }

        var wrong = Sometimes(random, OneInMistaken);
        if (wrong)
        {
            switch (random.Next(8))
            {
                case 0: body["maxChoices"] = 0; break;
                case 1: body["maxChoices"] = options + 1; break;
                case 2: body["options"] = Options(random, 1); break;
                case 3: (body["seconds"], closesAt) = (5, now.AddMinutes(1)); break;
                case 4: opensAt = now.AddSeconds(-random.Next(0, 5)); break;
                case 5: (opensAt, closesAt) = (now.AddSeconds(9), now.AddSeconds(random.Next(1, 10))); break;
                case 6: body["title"] = new JsonObject { ["fr"] = "Qui ?" }; break;
                default: body["options"]![1]!["id"] = body["options"]![0]!["id"]!.DeepClone(); break;
            }
        }

        Moment(body, "opensAt", opensAt);
        Moment(body, "closesAt", closesAt);
        return new QuestionDraft(body, wrong, opensAt, closesAt);
    }

    public static QuizDraft Quiz(Random random, string channel, DateTimeOffset now)
    {
        var opensAt = Sometimes(random, 4) ? now.AddMilliseconds(random.Next(1, 20_000)) : (DateTimeOffset?)null;
        var questions = Enumerable.Range(0, random.Next(1, 6)).Select(i => QuizQuestion(random, $"q{i}-{random.Next(1000)}")).ToArray();
        var body = new JsonObject { ["channel"] = channel, ["title"] = Text(random, "Quiz"), ["questions"] = new JsonArray(questions) };
        Maybe(random, body, "scoring", () => ((string[])["speed", "accuracy", "floor"])[random.Next(3)]);
        Maybe(random, body, "streakBonus", () => random.Next(4) == 0 ? 0 : random.Next(1, 200));
        Maybe(random, body, "moreTime", () => random.Next(3) > 0);
        Maybe(random, body, "lateWindowMs", () => random.Next(0, 12_000));
        var wrong = Sometimes(random, OneInMistaken);
        if (wrong)
        {
            var question = questions[random.Next(questions.Length)];
            switch (random.Next(7))
            {
                case 0: question["correct"] = new JsonArray(); break;
                case 1: question["correct"] = new JsonArray("z"); break;
                case 2: question.Remove("seconds"); break;
                case 3: question["points"] = -1; break;
                case 4: body["questions"] = new JsonArray(); break;
                case 5: body["streakBonus"] = 1001; break;
                default: opensAt = now.AddSeconds(-random.Next(0, 5)); break;
            }
        }

        Moment(body, "opensAt", opensAt);
        return new QuizDraft(body, wrong, opensAt);
    }

    private static JsonObject QuizQuestion(Random random, string id)
    {
        var options = random.Next(2, 5);
        var maxChoices = random.Next(3) == 0 ? random.Next(1, options + 1) : 1;
        var correct = Letters[..options].OrderBy(_ => random.Next()).Take(random.Next(1, maxChoices == 1 ? 3 : maxChoices + 1)).Select(o => (JsonNode)o);
        var question = new JsonObject
        {
            ["id"] = id,
            ["text"] = Text(random, "What is"),
            ["options"] = Options(random, options),
            ["correct"] = new JsonArray([.. correct]),
            ["maxChoices"] = maxChoices,
            ["seconds"] = random.Next(1, 25),
        };
        Maybe(random, question, "points", () => random.Next(0, 2000));
        Maybe(random, question, "explanation", () => Text(random, "Because"));
        return question;
    }

    private static JsonArray Options(Random random, int count) => [.. Letters[..count].Select(id => new JsonObject { ["id"] = id, ["label"] = Text(random, $"Option {id}") })];

    private static JsonObject Text(Random random, string begin)
    {
        var number = random.Next(1000);
        return new JsonObject { ["en"] = $"{begin} {number}", ["fr"] = $"{begin} {number}, en français" };
    }

    private static void Maybe(Random random, JsonObject body, string name, Func<JsonNode> value)
    {
        if (random.Next(2) == 0)
        {
            body[name] = value();
        }
    }

    private static void Moment(JsonObject body, string name, DateTimeOffset? moment)
    {
        if (moment is { } at)
        {
            body[name] = at.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private static bool Sometimes(Random random, int oneIn) => random.Next(oneIn) == 0;
}
