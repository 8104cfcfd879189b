using System.Text.Json;

namespace FanHub.Server.Exports.Recount;

/// <summary>Hands an export in JSON to whoever counts it, ballot by ballot. Members have to be in the order in which an export has them.</summary>
internal sealed class ReadJsonExport(Recounter recounter)
{
    private bool _begun;
    private bool _ended;

    /// <summary>Reads it all.</summary>
    /// <exception cref="UnreadableExportException">It is no whole export.</exception>
    public void Read(Stream file)
    {
        var json = new JsonPull(file);
        try
        {
            ReadObject(
                json,
                (name, members) =>
                {
                    switch (name)
                    {
                        case "questions":
                            Begin(members);
                            ReadQuestions(json);
                            return true;
                        case "leaderboard":
                            Begin(members);
                            ReadArray(json, place => recounter.Place(new StatedPlace(Number(place, "rank"), StatedText.Fan(Text(place, "fan")), Number(place, "score"), Number(place, "savedMs"))));
                            return true;
                        case "end":
                            Begin(members);
                            var end = json.ReadValue() ?? throw Misplaced("end");
                            recounter.End(Number(end, "ballots"), Number(end, "places"));
                            _ended = true;
                            return true;
                        default:
                            return false;
                    }
                });
            if (json.Read() || !_ended)
            {
                throw new UnreadableExportException("Its end is missing: the export was broken off.");
            }
        }
        catch (JsonException problem)
        {
            throw new UnreadableExportException(_begun ? $"It breaks off, or is not JSON: {problem.Message}" : $"It is not JSON: {problem.Message}");
        }
    }

    private void Begin(Dictionary<string, JsonElement> head)
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        StatedText.RequireFormat(head.TryGetValue("format", out var format) && format.ValueKind == JsonValueKind.String ? format.GetString() : null);
        recounter.Begin(new StatedExport
        {
            Kind = Text(head, "kind"),
            Id = Text(head, "id"),
            Channel = Text(head, "channel"),
            Title = head.TryGetValue("title", out var title) && title.ValueKind == JsonValueKind.Object ? title.EnumerateObject().Select(t => t.Value.ToString()).FirstOrDefault() : null,
            State = head.ContainsKey("state") ? Text(head, "state") : null,
            ExportedAt = head.ContainsKey("exportedAt") ? Text(head, "exportedAt") : null,
            Points = head.ContainsKey("points") ? Number(head, "points") : 0,
            Settlements = head.TryGetValue("settlements", out var settlements) ? [.. Items(settlements, "settlements").Select(s => Texts(Member(s, "correct"), "correct"))] : [],
            Scoring = head.ContainsKey("scoring") ? Text(head, "scoring") : null,
            StreakBonus = head.ContainsKey("streakBonus") ? Number(head, "streakBonus") : 0,
        });
    }

    private void ReadQuestions(JsonPull json)
    {
        Expect(json, JsonTokenType.StartArray, "questions");
        while (json.Read() && json.Token != JsonTokenType.EndArray)
        {
            var counted = false;
            ReadObject(
                json,
                (name, members) =>
                {
                    if (name != "ballots")
                    {
                        return false;
                    }

                    counted = true;
                    recounter.Question(Question(members));
                    ReadArray(json, ballot => recounter.Ballot(Ballot(ballot)));
                    return true;
                },
                begun: true);
            if (!counted)
            {
                throw new UnreadableExportException("A question in it has no ballots, not even none.");
            }
        }
    }

    private static StatedQuestion Question(Dictionary<string, JsonElement> members)
    {
        var options = Items(Member(members, "options"), "options").Select(o => Text(o, "id")).ToList();
        var result = Member(members, "result");
        var counts = Member(result, "counts");
        return new StatedQuestion
        {
            Id = members.ContainsKey("id") ? Text(members, "id") : string.Empty,
            Box = Text(members, "box"),
            Options = options,
            MaxChoices = Number(members, "maxChoices"),
            State = members.ContainsKey("state") ? Text(members, "state") : null,
            Correct = members.TryGetValue("correct", out var correct) ? Texts(correct, "correct") : [],
            Points = members.ContainsKey("points") ? Number(members, "points") : 0,
            Seconds = members.ContainsKey("seconds") ? Number(members, "seconds") : 0,
            Result = new StatedResult(
                [.. options.Select(o => Number(counts, o))],
                Number(result, "ballots"), Number(result, "changed"), Number(result, "repeated"), Number(result, "late"), Number(result, "refused"),
                StatedText.Moment(Text(result, "openedAt")), StatedText.Moment(Text(result, "closedAt")), Text(result, "digest")),
        };
    }

    private static StatedBallot Ballot(JsonElement ballot) => new(
        StatedText.Fan(Text(ballot, "fan")),
        Texts(Member(ballot, "choices"), "choices"),
        Number(ballot, "elapsedMs"),
        Number(ballot, "creditMs"),
        Text(ballot, "receipt"),
        ballot.TryGetProperty("points", out _) ? Number(ballot, "points") : null);

    // Keeps members until one comes that is read on its own.
    private static void ReadObject(JsonPull json, Func<string, Dictionary<string, JsonElement>, bool> readMember, bool begun = false)
    {
        if (!(begun ? json.Token == JsonTokenType.StartObject : json.Read() && json.Token == JsonTokenType.StartObject))
        {
            throw new UnreadableExportException("An object is missing.");
        }

        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        while (json.Read() && json.Token != JsonTokenType.EndObject)
        {
            var name = json.Name;
            if (!readMember(name, members) && !members.TryAdd(name, json.ReadValue() ?? throw Misplaced(name)))
            {
                throw new UnreadableExportException($"It has two values of {name}.");
            }
        }
    }

    private static void ReadArray(JsonPull json, Action<JsonElement> take)
    {
        Expect(json, JsonTokenType.StartArray, json.Name);
        while (json.ReadValue() is { } item)
        {
            take(item);
        }
    }

    private static void Expect(JsonPull json, JsonTokenType token, string name)
    {
        if (!json.Read() || json.Token != token)
        {
            throw Misplaced(name);
        }
    }

    private static UnreadableExportException Misplaced(string name) => new($"Its {name} is not what it has to be.");

    private static JsonElement Member(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : throw new UnreadableExportException($"It lacks {name} somewhere.");

    private static JsonElement Member(Dictionary<string, JsonElement> of, string name) => of.TryGetValue(name, out var member) ? member : throw new UnreadableExportException($"It lacks {name} somewhere.");

    private static string Text(JsonElement of, string name) => AsText(Member(of, name), name);

    private static string Text(Dictionary<string, JsonElement> of, string name) => AsText(Member(of, name), name);

    private static string AsText(JsonElement value, string name) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Misplaced(name);

    private static long Number(JsonElement of, string name) => AsNumber(Member(of, name), name);

    private static long Number(Dictionary<string, JsonElement> of, string name) => AsNumber(Member(of, name), name);

    private static long AsNumber(JsonElement value, string name) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw Misplaced(name);

    private static IEnumerable<JsonElement> Items(JsonElement value, string name) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Misplaced(name);

    private static List<string> Texts(JsonElement value, string name) => [.. Items(value, name).Select(t => AsText(t, name))];
}
