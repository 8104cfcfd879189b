using FanHub.Server.Leaderboards;

namespace FanHub.Tests.Server.Leaderboards;

public sealed class BoardPageTests
{
    [Fact]
    public void A_page_holds_what_a_plain_list_would_after_any_changes()
    {
        var random = new Random(7);
        byte[] page = [];
        var totals = new SortedDictionary<long, (long Points, long TimeMs)>();
        for (var round = 0; round < 200; round++)
        {
            var changes = Enumerable.Range(0, random.Next(1, 60)).Select(_ => 5 * 1024L + random.Next(1024)).Distinct().Order()
                .Select(fan => new Award(fan, random.Next(-5, 100), random.Next(0, 50))).ToArray();
            foreach (var (fan, points, timeMs) in changes)
            {
                var before = totals.GetValueOrDefault(fan);
                totals[fan] = (before.Points + points, before.TimeMs + timeMs);
            }

            var written = BoardPage.Apply(page, changes);
            BoardPage.Tag(written.ShouldNotBeNull()).ShouldNotBe(BoardPage.Tag(page));
            page = written;
        }

        BoardPage.Count(page).ShouldBe(totals.Count);
        Enumerable.Range(0, totals.Count).Select(place => BoardPage.Entry(5, page, place)).ShouldBe(totals.Select(t => new BoardEntry(t.Key, new BoardScore(t.Value.Points, t.Value.TimeMs).SortKey)));
        foreach (var fan in Enumerable.Range(5 * 1024, 1024))
        {
            BoardPage.Find(page, fan).ShouldBe(totals.TryGetValue(fan, out var total) ? new BoardScore(total.Points, total.TimeMs).SortKey : null);
        }
    }

    [Fact]
    public void Changes_of_nothing_write_nothing_unless_somebody_is_new()
    {
        var page = BoardPage.Apply([], [new Award(3, 0, 0)]).ShouldNotBeNull();
        BoardPage.Apply(page, [new Award(3, 0, 0)]).ShouldBeNull();
        BoardPage.Apply(page, [new Award(3, 0, 0), new Award(4, 0, 0)]).ShouldNotBeNull();
    }
}
