using FanHub.Server.Results.Desk;
using FanHub.Server.Results.Feed;
using FanHub.Server.Results.Odf;
using static FanHub.Tests.Server.Results.Desk.Messages;

namespace FanHub.Tests.Server.Results.Desk;

public sealed class ScheduleTests
{
    private const string Key = "schedule:2026-07-31.SWM";
    private const string Other = "SWMW200MFR------------FNL-000100--";

    [Fact]
    public void A_day_of_a_discipline_is_an_item_by_beginning()
    {
        var desk = NewDesk().With(Schedule(1, 0, Planned(hour: 19), Planned(code: Other, hour: 18)));
        desk.Compose(Key, previousData: null)!.Channels.ShouldBe(["schedule", "sport.swm"]);
        Statuses(desk).ShouldBe([Other + " scheduled", Unit + " scheduled"]);
    }

    [Fact]
    public void A_unit_belongs_to_the_day_at_the_venue()
    {
        var desk = NewDesk().With(Schedule(1, 0, Planned(hour: 23), Planned(code: Other, hour: 23) with { Day = new DateOnly(2026, 7, 31) }));
        desk.Data("schedule:2026-08-01.SWM")!.Value.GetProperty("units").GetArrayLength().ShouldBe(1);
        Statuses(desk).ShouldBe([Other + " scheduled"]);
    }

    [Theory]
    [InlineData(10, 20, "running")]
    [InlineData(20, 10, "scheduled")]
    [InlineData(10, 10, "running")]
    public void The_later_of_a_full_message_and_an_update_stands_in_either_order(int fullAt, int updateAt, string status)
    {
        foreach (var order in Orders([Schedule(9, fullAt, Planned()), ScheduleUpdate(1, updateAt, Planned("RUNNING"))]))
        {
            Statuses(NewDesk().With(order)).ShouldBe([$"{Unit} {status}"]);
        }
    }

    [Fact]
    public void Updates_add_up_and_their_order_of_arrival_does_not_matter()
    {
        OdfMessage[] all =
        [
            Schedule(1, 0, Planned(), Planned(code: Other)),
            ScheduleUpdate(1, 10, Planned("RUNNING")),
            ScheduleUpdate(2, 20, Planned("FINISHED")),
            ScheduleUpdate(3, 15, Planned("DELAYED", Other)),
        ];
        foreach (var order in Orders(all))
        {
            Statuses(NewDesk().With(order)).ShouldBe([Unit + " finished", Other + " delayed"]);
        }
    }

    [Theory]
    [InlineData("POSTPONED")]
    [InlineData("CANCELLED")]
    public void A_unit_that_is_put_off_without_a_time_stays_on_the_day_that_it_was_planned_for(string status)
    {
        foreach (var order in Orders([Schedule(1, 0, Planned()), ScheduleUpdate(1, 10, Planned(status) with { Start = null })]))
        {
            Statuses(NewDesk().With(order)).ShouldBe([$"{Unit} {status.ToLowerInvariant()}"]);
        }
    }

    [Fact]
    public void A_later_full_message_removes_what_it_lacks_and_an_earlier_one_does_not()
    {
        foreach (var order in Orders([ScheduleUpdate(1, 10, Planned("RUNNING")), Schedule(1, 20, Planned(code: Other))]))
        {
            Statuses(NewDesk().With(order)).ShouldBe([Other + " scheduled"]);
        }

        foreach (var order in Orders([ScheduleUpdate(1, 20, Planned("RUNNING")), Schedule(1, 10, Planned(code: Other))]))
        {
            Statuses(NewDesk().With(order)).ShouldBe([Unit + " running", Other + " scheduled"]);
        }
    }

    [Fact]
    public void An_update_that_is_invalidated_does_not_count_and_leaves_the_others()
    {
        OdfMessage[] all = [Schedule(1, 0, Planned()), ScheduleUpdate(1, 10, Planned("RUNNING")), ScheduleUpdate(2, 20, Planned("FINISHED")), Message("DT_SCHEDULE_UPDATE", 2, content: null, "SWM", minute: 30)];
        foreach (var order in Orders(all))
        {
            Statuses(NewDesk().With(order)).ShouldBe([Unit + " running"]);
        }
    }

    [Theory]
    [InlineData("UNSCHEDULED", false)]
    [InlineData("SCHEDULED", true)]
    public void Units_that_are_unscheduled_or_deleted_are_not_shown_and_an_empty_day_is_gone(string status, bool deleted)
    {
        var desk = NewDesk().With(Schedule(1, 0, Planned()));
        var applied = desk.Apply(ScheduleUpdate(1, 5, Planned(status, deleted: deleted)));
        (applied.Urgent, applied.Touched.Single()).ShouldBe((true, Key));
        desk.Compose(Key, previousData: null).ShouldBeNull();
        desk.Keys.ShouldContain(Key);
    }

    [Fact]
    public void A_unit_that_moves_to_another_day_touches_both()
    {
        var desk = NewDesk().With(Schedule(1, 0, Planned()));
        var applied = desk.Apply(ScheduleUpdate(1, 5, Planned("RESCHEDULED") with { Day = new DateOnly(2026, 8, 2) }));
        applied.Touched.ShouldBe([Key, "schedule:2026-08-02.SWM"], ignoreOrder: true);
        desk.Compose(Key, previousData: null).ShouldBeNull();
        desk.Compose("schedule:2026-08-02.SWM", previousData: null).ShouldNotBeNull();
    }

    [Fact]
    public void Each_update_is_held_as_a_document_of_its_own_and_two_sources_are_flagged()
    {
        var desk = NewDesk();
        desk.Apply(ScheduleUpdate(2, 0, Planned())).Document!.Key.ShouldEndWith("|v2");
        desk.Apply(ScheduleUpdate(1, 0, Planned())).Outcome.ShouldBe(FeedOutcome.Applied);
        desk.Apply(ScheduleUpdate(2, 0, Planned())).Outcome.ShouldBe(FeedOutcome.Duplicate);
        desk.Apply(Message("DT_SCHEDULE_UPDATE", 3, new OdfSchedule([Planned()]), "SWM", source: "B")).Flagged.ShouldBeTrue();
    }

    [Fact]
    public void Participants_add_up_alike()
    {
        OdfMessage[] all =
        [
            People(1, 0, new OdfParticipant("7", "Old", "AAA"), new OdfParticipant("8", "Other", "AAA")),
            Message("DT_PARTIC_UPDATE", 1, new OdfParticipants([new("7", "New", "BBB")]), "SWM", minute: 5),
            Result(1, entries: [Entry("7", 1, "", name: ""), Entry("8", 2, "", name: "")]),
        ];
        foreach (var order in Orders(all))
        {
            var entries = NewDesk().With(order).Data("result:" + Unit)!.Value.GetProperty("entries").EnumerateArray();
            entries.Select(static e => $"{e.GetProperty("competitor").GetProperty("name")} {e.GetProperty("competitor").GetProperty("organisation")}").ShouldBe(["New BBB", "Other AAA"]);
        }
    }

    [Fact]
    public void A_day_with_too_many_units_still_fits()
    {
        var desk = NewDesk().With(Schedule(1, 0, [.. Enumerable.Range(0, 2000).Select(i => Planned(code: $"SWM{i}", name: new string('x', 100)))]));
        desk.Compose(Key, previousData: null)!.Data.Length.ShouldBeInRange(40_000, 60_000);
    }

    private static string[] Statuses(ResultDesk desk) =>
        [.. desk.Data(Key)!.Value.GetProperty("units").EnumerateArray().Select(static u => $"{u.GetProperty("unit")} {u.GetProperty("status")}")];
}
