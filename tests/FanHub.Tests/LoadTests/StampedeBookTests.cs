using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Voting;

namespace FanHub.Tests.LoadTests;

/// <summary>What a stampede of voters looks for, put in front of it.</summary>
public sealed class StampedeBookTests
{
    private readonly StampedeBook _book = new(changeable: false);

    [Fact]
    public void Receipts_that_are_counted_once_are_without_fault()
    {
        Vote(voter: 1, option: 0, "r1");
        Vote(voter: 2, option: 1, "r2");
        Vote(voter: 1, option: 0, "r1", BallotKind.Resent, BallotStatus.Repeated);
        Refuse(voter: 2, ErrorCodes.AlreadyVoted, BallotKind.Second);

        Failed([1, 1], ballots: 2).ShouldBeEmpty();
    }

    [Fact]
    public void A_ballot_that_is_not_counted_is_noticed()
    {
        Vote(voter: 1, option: 0, "r1");
        Vote(voter: 2, option: 1, "r2");

        Failed([1, 0], ballots: 1).ShouldBe(["Certified ballots are the voters with a receipt.", "So are those for option 2."]);
    }

    [Fact]
    public void A_ballot_that_is_counted_for_another_option_is_noticed()
    {
        Vote(voter: 1, option: 0, "r1");

        Failed([0, 1], ballots: 1).ShouldBe(["So are those for option 1.", "So are those for option 2."]);
    }

    [Fact]
    public void A_resend_that_is_taken_for_a_ballot_is_noticed()
    {
        Vote(voter: 1, option: 0, "r1");
        Vote(voter: 1, option: 0, "r1", BallotKind.Resent, BallotStatus.Accepted);

        Failed([1, 0], ballots: 1).ShouldBe(["First receipts are the voters with a receipt.", "Receipts that two ballots got.", "Resends with another receipt than the ballot, and first ballots that were none."]);
    }

    [Fact]
    public void A_resend_with_another_receipt_is_noticed()
    {
        Vote(voter: 1, option: 0, "r1");
        Vote(voter: 1, option: 0, "r2", BallotKind.Resent, BallotStatus.Repeated);

        Failed([1, 0], ballots: 1).ShouldBe(["Resends with another receipt than the ballot, and first ballots that were none."]);
    }

    [Fact]
    public void One_receipt_for_two_voters_is_noticed()
    {
        Vote(voter: 1, option: 0, "r1");
        Vote(voter: 2, option: 0, "r1");

        Failed([2, 0], ballots: 2).ShouldBe(["Receipts that two ballots got."]);
    }

    [Fact]
    public void A_second_vote_that_is_accepted_is_noticed()
    {
        Vote(voter: 1, option: 0, "r1");
        Vote(voter: 1, option: 1, "r2", BallotKind.Second, BallotStatus.Changed);

        Failed([0, 1], ballots: 1).ShouldBe(["Resends with another receipt than the ballot, and first ballots that were none.", "Second votes are refused with already_voted."]);
    }

    [Fact]
    public void A_change_counts_for_the_last_option_and_for_no_other()
    {
        var book = new StampedeBook(changeable: true);
        Vote(voter: 1, option: 0, "r1", book: book);
        Vote(voter: 1, option: 1, "r2", status: BallotStatus.Changed, book: book);

        book.Checks([0, 1], 1, []).Where(c => !c.Passed).ShouldBeEmpty();
        book.Checks([1, 0], 1, []).Count(c => !c.Passed).ShouldBe(2);
    }

    [Fact]
    public void A_refusal_without_a_reason_is_noticed()
    {
        Vote(voter: 1, option: 0, "r1");
        Refuse(voter: 2, ErrorCodes.Unavailable, BallotKind.Meant);

        Failed([1, 0], ballots: 1).ShouldBe(["No other refusals."]);
    }

    [Fact]
    public void A_ballot_without_an_answer_is_noticed()
    {
        _book.Send(BallotKind.Meant);

        Failed([0, 0], ballots: 0).ShouldBe(["Every ballot was answered."]);
    }

    [Fact]
    public void An_answer_of_an_unknown_kind_does_not_add_up()
    {
        Vote(voter: 1, option: 0, "r1");
        _book.Unexpected("answer to nothing");

        Failed([1, 0], ballots: 1).ShouldBe(["Accepted, changed, repeated and refused add up.", "No other refusals."]);
    }

    private IEnumerable<string> Failed(IReadOnlyList<long> counts, long ballots) => _book.Checks(counts, ballots, []).Where(c => !c.Passed).Select(c => c.Name);

    private void Vote(int voter, int option, string receipt, BallotKind kind = BallotKind.Meant, BallotStatus status = BallotStatus.Accepted, StampedeBook? book = null)
    {
        book ??= _book;
        book.Send(kind);
        var result = JsonSerializer.SerializeToElement(new BallotReply(receipt, status, DateTimeOffset.UnixEpoch), WireJson.Options);
        book.Answer(voter, option, kind, new Reply(result, Error: null, ArrivedAt: 0), dueAt: 0);
    }

    private void Refuse(int voter, string code, BallotKind kind)
    {
        _book.Send(kind);
        _book.Answer(voter, option: 0, kind, new Reply(default, $"{code}: No.", ArrivedAt: 0), dueAt: 0);
    }
}
