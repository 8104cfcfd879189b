using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Quizzes;

namespace FanHub.Tests.LoadTests;

/// <summary>What a fan of a quiz night makes of what it hears.</summary>
public sealed class QuizFanTests
{
    private static readonly DateTimeOffset Opened = new(2026, 7, 11, 20, 0, 0, TimeSpan.Zero);

    private readonly QuizBook _book = new(questions: 2);
    private readonly QuizFan _fan;

    public QuizFanTests() => _fan = new QuizFan([new AnswerPlan(TimeSpan.Zero, 0), new AnswerPlan(TimeSpan.Zero, 0)], _book, new QuizEvents());

    [Fact]
    public void A_leaderboard_belongs_to_the_question_that_was_revealed_before_it()
    {
        Hear(1, Question(1, PublicQuestionState.Open));
        Hear(2, Board(1, 900));
        Hear(3, Question(1, PublicQuestionState.Closed));
        Hear(4, Question(1, PublicQuestionState.Revealed));
        Hear(5, Board(1, 900));
        Hear(6, Question(2, PublicQuestionState.Revealed));
        Hear(7, Board(1, 1700));

        (_fan.RevealedAt(0), _fan.BoardAt(0), _fan.RevealedAt(1), _fan.BoardAt(1)).ShouldBe((4, 5, 6, 7));
        _fan.SawBoard(1).IsCompletedSuccessfully.ShouldBeTrue();
        _book.Report.Boards.Select(b => b.Keys.Single()).ShouldBe([QuizEvents.Shown([(1, 900)], 1), QuizEvents.Shown([(1, 1700)], 1)]);
        _book.Report.Reveals[0].Keys.ShouldBe([QuizEvents.Shown(["b"], [new("a", 1), new("b", 3)], 4)]);
        _book.Report[QuizCount.Spoilers].ShouldBe(0);
    }

    [Theory]
    [InlineData(PublicQuestionState.Open)]
    [InlineData(PublicQuestionState.Closed)]
    public void Anything_of_the_reveal_before_it_spoils_it(PublicQuestionState state)
    {
        var revealed = Question(1, PublicQuestionState.Revealed).Question!;
        Hear(1, Item(revealed with { State = state, Correct = null, Explanation = null }));
        Hear(2, Item(revealed with { State = state, Correct = null, Tally = null }));
        Hear(3, Item(revealed with { State = state, Explanation = null, Tally = null }));

        _book.Report[QuizCount.Spoilers].ShouldBe(3);
    }

    [Fact]
    public void The_same_message_tells_every_fan_the_same()
    {
        var events = new QuizEvents();
        var record = Record(Question(1, PublicQuestionState.Open));
        events.Read(record).ShouldBe(events.Read(record));
        events.Read(record).ShouldHaveSingleItem().OpensAt.ShouldBe(Opened);
    }

    [Fact]
    public void Fans_do_the_same_in_every_run_and_whatever_process_they_are_in()
    {
        var settings = new QuizGroupSettings
        {
            Nodes = [],
            Channel = "c",
            QuizId = "q",
            First = 0,
            Count = 2000,
            Quiz = new QuizLoad { Participants = 2000, Questions = 4, Seconds = 5, Scoring = QuizScoring.Speed, StreakBonus = 0, Right = 60 },
            Duplicates = 10,
            SecondVotes = 5,
            Late = 5,
        };
        var plans = Enumerable.Range(0, 2000).SelectMany(fan => AnswerPlans.Make(settings, fan).Index()).ToList();

        AnswerPlans.Make(settings with { First = 1000 }, 1234).ShouldBe(AnswerPlans.Make(settings, 1234));
        plans.Count(p => p.Item.Choice == AnswerPlans.Right(p.Index)).ShouldBeInRange(5700, 6300);
        plans.Count(p => p.Item.TooLate).ShouldBeInRange(400, 600);
        plans.Count(p => p.Item.ResendsAtOnce || p.Item.ResendsLater).ShouldBeInRange(850, 1150);
        plans.ShouldAllBe(p => p.Item.SecondChoice != p.Item.Choice && p.Item.After < TimeSpan.FromSeconds(p.Index == 0 ? 20 : 5));
    }

    private static QuizItem Question(int index, PublicQuestionState state)
    {
        var revealed = state == PublicQuestionState.Revealed;
        return Item(new QuizItemQuestion
        {
            Id = $"q{index}",
            Index = index,
            Of = 2,
            Text = "Which?",
            Options = [],
            MaxChoices = 1,
            Points = 1000,
            Seconds = 5,
            OpensAt = Opened,
            ClosesAt = Opened.AddSeconds(5),
            State = state,
            Correct = revealed ? ["b"] : null,
            Explanation = revealed ? "Because." : null,
            Tally = revealed ? new TallyItem { Of = "quiz.q1", Counts = new Dictionary<string, long>(StringComparer.Ordinal) { ["a"] = 1, ["b"] = 3 }, Ballots = 4, Final = true } : null,
        });
    }

    private static QuizItem Item(QuizItemQuestion question) => new()
    {
        Id = "quiz",
        State = PublicQuizState.Running,
        Title = "Quiz",
        Scoring = QuizScoring.Speed,
        Pace = QuizPace.Manual,
        StreakBonus = 0,
        MoreTime = false,
        Of = 2,
        Question = question,
    };

    private static LeaderboardItem Board(long participants, long score) => new() { Of = "quiz", Top = [new LeaderboardRow(1, "Ana", score)], Participants = participants };

    private static byte[] Record(object data)
    {
        var kind = data is QuizItem ? ItemKinds.Quiz : ItemKinds.Leaderboard;
        var update = new { channel = "c", epoch = "e", offset = 1, @class = DeliveryClass.Logged, key = $"{kind}:quiz", kind, version = 1, at = Opened, data };
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { type = 1, target = HubMethods.Updates, arguments = new object[] { new object[] { update } } }, WireJson.Options));
    }

    private void Hear(long at, object data) => _fan.Hear(Record(data), at);
}
