using System.Diagnostics;
using FanHub.LoadTests.Feeds;

namespace FanHub.Tests.LoadTests;

public sealed class VersionBookTests
{
    private readonly FeedDelays _delays = new();
    private readonly VersionBook _book;

    public VersionBookTests() => _book = new VersionBook(["START_LIST", "LIVE", "LIVE", "LIVE", "OFFICIAL"], measuredFrom: 2, _delays);

    [Fact]
    public void A_version_in_whose_place_a_newer_one_came_counts_until_that_arrived()
    {
        Send(1, 2, 3, 4);

        _book.Hear(4, Stopwatch.GetTimestamp() + Stopwatch.Frequency);

        _book.Covered.ShouldBe(4);
        _delays.All.Count.ShouldBe(3, "version 1 is not measured");
        _delays.Delivered.Count.ShouldBe(1);
        _delays.All.PercentileMs(1).ShouldBeGreaterThanOrEqualTo(999);
    }

    [Fact]
    public void A_version_that_is_sent_after_a_newer_one_arrived_was_covered_already()
    {
        Send(2, 4);
        _book.Hear(4, Stopwatch.GetTimestamp());
        Send(3);

        _delays.All.Count.ShouldBe(3);
        _book.Covered.ShouldBe(_book.Highest);
    }

    [Fact]
    public void What_was_taken_in_and_never_came_is_not_covered()
    {
        Send(2, 3);
        _book.Hear(2, Stopwatch.GetTimestamp());

        _book.Covered.ShouldBeLessThan(_book.Highest);
    }

    [Fact]
    public void Versions_that_nobody_sent_are_strange()
    {
        Send(2);
        _book.Hear(3, Stopwatch.GetTimestamp());
        _book.Hear(6, Stopwatch.GetTimestamp());
        _book.Hear(0, Stopwatch.GetTimestamp());

        _book.Strange.ShouldBe(3);
    }

    [Fact]
    public void A_change_of_status_that_came_in_a_newer_version_is_found()
    {
        Send(1, 2, 3, 4, 5);
        _book.Hear(1, 0);
        _book.Hear(3, 0);
        _book.Hear(5, 0);

        _book.StatusChanges().ShouldBe((1, 2), "LIVE began with version 2, which was not delivered; OFFICIAL was");
    }

    [Fact]
    public void Who_was_first_of_two_that_overlapped_is_not_known_so_a_change_of_status_may_be_passed_over()
    {
        _book.Sending(2);
        _book.Sending(3);
        _book.Acknowledged(2);
        _book.Acknowledged(3);
        _book.Hear(3, 0);

        _book.StatusChanges().ShouldBe((0, 0));
    }

    private void Send(params int[] versions)
    {
        foreach (var version in versions)
        {
            _book.Sending(version);
            _book.Acknowledged(version);
        }
    }
}
