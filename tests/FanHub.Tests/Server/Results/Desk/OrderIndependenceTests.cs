using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Feed;
using FanHub.Server.Results.Odf;
using static FanHub.Tests.Server.Results.Desk.Messages;

namespace FanHub.Tests.Server.Results.Desk;

public sealed class OrderIndependenceTests
{
    private const string Other = "SWMW200MFR------------FNL-000100--";

    private static readonly OdfMessage[] Feed =
    [
        Result(1, "START_LIST", [Entry("1", null, "", name: ""), Entry("2", null, "BBB")]),
        Result(2, "LIVE", [Entry("1", 1, "", name: "")]),
        Result(3, "OFFICIAL", [Entry("1", 1, "", name: ""), Entry("2", 2, "BBB")]),
        Result(4, "OFFICIAL", [Entry("2", 1, "BBB"), Entry("1", null, mark: "DSQ", name: "")], note: "Disqualified."),
        Invalidation(3),
        Result(3, "OFFICIAL", [Entry("1", 1, name: "Anne")], language: "FRA", title: "Finale"),
        Result(4, "OFFICIAL", [Entry("2", 1, "BBB", name: "Béa")], language: "FRA", title: "Finale", note: "Disqualifiée."),
        Result(1, "UNOFFICIAL", code: Other, title: null),
        Result(2, "OFFICIAL", code: Other, title: null),
        Invalidation(2, code: Other),
        Result(2, "OFFICIAL", code: "ATH1", source: "A", entries: [Entry("a", 1)], title: null),
        Result(2, "OFFICIAL", code: "ATH1", source: "B", entries: [Entry("b", 1)], title: null),
        Result(1, "LIVE", code: "ATH1", source: "C", entries: [Entry("c", 1)], title: null),
        Result(5, "LIVE", type: "DT_CURRENT"),
        Result(6, "LIVE", type: "DT_CURRENT", code: Other),
        Result(1, "OFFICIAL", type: "DT_CUMULATIVE_RESULT"),
        Result(1, "OFFICIAL", type: "DT_PHASE_RESULT"),
        Medallists(1, [("gold", "AAA"), ("silver", "BBB"), ("silver", "BBB")]),
        Medallists(2, [("gold", "BBB"), ("gold", "BBB")], note: "After all."),
        Medallists(1, [("gold", "CCC"), ("silver", "")], "PARTIAL", code: "ATH"),
        Medallists(1, [("gold", "DDD")], code: "JUD"),
        Invalidation(1, "DT_MEDALLISTS", "JUD"),
        Schedule(1, 0, Planned(), Planned(code: Other, name: "Other")),
        Schedule(2, 10, Planned(code: Other, name: "Other final")),
        ScheduleUpdate(1, 5, Planned("RUNNING")),
        ScheduleUpdate(2, 10, Planned("FINISHED", Other, name: "Other's end")),
        ScheduleUpdate(3, 12, Planned(code: "ATH1", name: "Athletics")),
        Message("DT_SCHEDULE_UPDATE", 4, new OdfSchedule([Planned("UNSCHEDULED", "ATH1")]), "SWM", minute: 20),
        Message("DT_SCHEDULE_UPDATE", 4, content: null, "SWM", minute: 21),
        People(1, 0, new OdfParticipant("1", "Ana", "AAA"), new OdfParticipant("1", "ANA", "AAA")),
        Message("DT_PARTIC_UPDATE", 1, new OdfParticipants([new("1", "ALPHA Ana", "AAB")]), "SWM", minute: 3),
        Message("DT_MEDALS", 1, new OdfMedalTable(new Dictionary<string, (int, int, int)>(StringComparer.Ordinal) { ["BBB"] = (1, 0, 0) }), "GLO"),
        Message("DT_COMMUNICATION", 1, new OdfCommunication("Title", "Text"), "SWM"),
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_same_messages_give_the_same_items_in_whichever_order_and_however_often_they_come(int seed)
    {
        var expected = Shown(NewDesk().With(Feed));
        expected.Count.ShouldBe(10);
        var random = new Random(seed);
        OdfMessage[] shuffled = [.. Feed, .. Feed.Where(_ => random.Next(3) == 0)];
        random.Shuffle(shuffled);
        Shown(NewDesk().With(shuffled)).ShouldBe(expected);
    }

    [Fact]
    public void Touched_items_are_all_that_change()
    {
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            var desk = NewDesk();
            var published = new Dictionary<string, string>(StringComparer.Ordinal);
            OdfMessage[] shuffled = [.. Feed];
            random.Shuffle(shuffled);
            foreach (var message in shuffled)
            {
                var applied = desk.Apply(message);
                foreach (var key in applied.Touched)
                {
                    Publish(desk, published, key);
                }

                Shown(desk).Select(static s => s.Key).Order(StringComparer.Ordinal).ShouldBe(published.Keys.Order(StringComparer.Ordinal));
                foreach (var (key, data) in published)
                {
                    desk.Json(key, data).ShouldBe(data, $"{key} is another after {message.Header.DocumentKey} {message.Header.Version}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_desk_that_is_restored_shows_the_same(int seed)
    {
        var random = new Random(seed);
        OdfMessage[] shuffled = [.. Feed, .. Feed];
        random.Shuffle(shuffled);
        var desk = NewDesk();
        var held = new Dictionary<string, HeldDocument>(StringComparer.Ordinal);
        for (var i = 0; i < shuffled.Length; i++)
        {
            if (desk.Apply(i, shuffled[i]).Document is { } document)
            {
                held[document.Key] = document;
            }
        }

        var editors = desk.Apply(1000, Written(medal: "gold", unit: "FEN1"), 3).Document!;
        var gone = desk.Apply(1001, Written(unit: "FEN2"), 1).Document!;
        gone = desk.Withdraw(1002, "FEN2", 1).Document!;

        HeldDocument[] documents = [.. held.Values];
        random.Shuffle(documents);
        var restored = NewDesk();
        restored.Restore(editors, Written(medal: "gold", unit: "FEN1"));
        restored.Restore(gone, Written(unit: "FEN2"));
        foreach (var document in documents)
        {
            restored.Restore(document, document.Message is { } message ? shuffled[message] : null);
        }

        Shown(restored).ShouldBe(Shown(desk));
        restored.MedalDifferences.ShouldBe(desk.MedalDifferences);
        (restored.EditorsVersion("FEN1"), restored.EditorsVersion("FEN2"), restored.HasEditorsResult("FEN2")).ShouldBe((3, 1, false));
        foreach (var message in Feed)
        {
            restored.Apply(message).Touched.ShouldBeEmpty($"{message.Header.DocumentKey} {message.Header.Version} was known");
        }
    }

    private static void Publish(ResultDesk desk, Dictionary<string, string> published, string key)
    {
        if (desk.Json(key, published.GetValueOrDefault(key)) is { } data)
        {
            published[key] = data;
        }
        else
        {
            published.Remove(key);
        }
    }

    private static SortedDictionary<string, string> Shown(ResultDesk desk)
    {
        var shown = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in desk.Keys)
        {
            if (desk.Compose(key, previousData: null) is { } composed)
            {
                shown[key] = $"{composed.At:O} {string.Join(' ', composed.Channels)} {System.Text.Encoding.UTF8.GetString(composed.Data)}";
            }
        }

        return shown;
    }
}
