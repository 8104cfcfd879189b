using System.Text.Json;
using FanHub.Contracts;
using FanHub.Testing;

namespace FanHub.EndToEnd.Secrecy;

/// <summary>
/// Everything that fans can read at every step of a quiz, byte for byte: nothing of a question before it opens, nothing of what is right, why, or who thinks so before it is revealed.
/// </summary>
public sealed class QuizSecrecyTests(EmbeddedServerFixture fixture) : IClassFixture<EmbeddedServerFixture>
{
    private const int Points = 1237;
    private const int Streak = 11;

    private readonly Uri _server = fixture.Server.Address;
    private readonly EditorClient _editor = fixture.Editor;

    [Fact]
    public async Task Fans_hear_of_questions_when_they_open_and_of_answers_when_they_are_revealed()
    {
        await using var show = await BeginAsync(new MarkedQuiz(1, 600, 600), correct: 1, right: 1);
        await show.PlayAsync();
    }

    [Fact]
    public async Task What_fans_hear_before_the_reveal_is_the_same_whatever_is_correct()
    {
        // The same quiz twice, but for what is correct, played and answered the same way.
        var quiz = new MarkedQuiz(600);
        await using var one = await BeginAsync(quiz, correct: 0, right: 0);
        await using var other = await BeginAsync(quiz, correct: 3, right: 0);
        (await one.ListenUntilClosedAsync()).ShouldBeSaidLike(await other.ListenUntilClosedAsync(), "the same quiz with another answer");
    }

    private async Task<Show> BeginAsync(MarkedQuiz quiz, int correct, int right)
    {
        var channel = $"secrets-{Guid.NewGuid():N}"[..20];
        await _editor.PutChannelAsync(channel);
        return new Show(_editor, channel, quiz, correct, right)
        {
            Right = await Eavesdropper.JoinAsync(_server, channel),
            Wrong = await Eavesdropper.JoinAsync(_server, channel),
            Silent = await Eavesdropper.JoinAsync(_server, channel),
        };
    }

    /// <summary>A quiz on a channel, with three who listen: one who is always right, one who always is wrong, and one who never answers.</summary>
    /// <param name="editor">Who plays it.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="quiz">Its texts.</param>
    /// <param name="correct">The option that is correct.</param>
    /// <param name="right">The one that the first fan takes for correct.</param>
    private sealed class Show(EditorClient editor, string channel, MarkedQuiz quiz, int correct, int right) : IAsyncDisposable
    {
        private readonly MarkedQuiz _draft = new(600);
        private readonly MarkedQuiz _scheduled = new(600);
        private readonly List<string> _revealed = [];
        private readonly List<string> _ids = [];
        private string _id = "";
        private int _opened;

        public required Eavesdropper Right { get; init; }

        public required Eavesdropper Wrong { get; init; }

        public required Eavesdropper Silent { get; init; }

        public async Task PlayAsync()
        {
            await CreateAsync();
            await NobodyHearsTooMuchAsync("while it is a draft");
            await OpenAsync("start");
            await NobodyHearsTooMuchAsync("while the first question is open");
            await AnswerAsync();
            await NobodyHearsTooMuchAsync("after answers");
            await SeeAsync("running", "closed");
            await NobodyHearsTooMuchAsync("after its time was up");
            await RevealAsync("reveal");
            await NobodyHearsTooMuchAsync("after the reveal");

            await OpenAsync("next");
            await NobodyHearsTooMuchAsync("while the second question is open");
            await AnswerAsync();
            await NobodyHearsTooMuchAsync("after answers to the second question");
            await TellAsync("close", "running", "closed");
            await NobodyHearsTooMuchAsync("after it was closed by hand");
            await RevealAsync("reveal");
            await NobodyHearsTooMuchAsync("after the second reveal");

            await OpenAsync("next");
            await AnswerAsync();
            await NobodyHearsTooMuchAsync("after answers to the last question");
            await RevealAsync("finish", "finished");
            await NobodyHearsTooMuchAsync("after the end");
        }

        /// <returns>All that is heard while it is a draft, open, answered, and closed.</returns>
        public async Task<IReadOnlyList<string>> ListenUntilClosedAsync()
        {
            var heard = new List<Heard>();
            await CreateAsync();
            heard.AddRange(await ListenAsync());
            await OpenAsync("start");
            heard.AddRange(await ListenAsync());
            await AnswerAsync();
            heard.AddRange(await ListenAsync());
            await TellAsync("close", "running", "closed");
            heard.AddRange(await ListenAsync());
            return [.. heard.Where(IsComparable).Select(h => Same($"{h.By}: {h.Text}"))];
        }

        public async ValueTask DisposeAsync()
        {
            await Right.DisposeAsync();
            await Wrong.DisposeAsync();
            await Silent.DisposeAsync();
        }

        private async Task CreateAsync()
        {
            _id = await NewAsync(quiz);
            _ids.AddRange([_id, await NewAsync(_draft), await NewAsync(_scheduled, DateTimeOffset.UtcNow.AddHours(1))]);
            await editor.SendAsync(HttpMethod.Post, $"quizzes/{_ids[2]}/start", body: null);
            // Whatever somebody may try who guesses how things are named.
            _ids.AddRange([$"quiz:{_id}", .. quiz.Questions.SelectMany(q => new[] { q.Id, $"{_id}.{q.Id}" }), "nothing"]);
        }

        private async Task<string> NewAsync(MarkedQuiz made, DateTimeOffset? opensAt = null) =>
            (await editor.SendAsync(HttpMethod.Post, "quizzes", made.Body(channel, correct, opensAt))).GetProperty("id").GetString()!;

        private async Task OpenAsync(string step)
        {
            _opened++;
            await TellAsync(step, "running", "open");
        }

        private async Task RevealAsync(string step, string state = "running")
        {
            await TellAsync(step, state, "revealed");
            _revealed.Add(quiz.Questions[_opened - 1].Id);
            // Points are given a moment later; then both have an entry.
            await Silent.SeeAsync(u => u.GetProperty("key").GetString() == $"leaderboard:{_id}" && u.GetProperty("data").GetProperty("top").EnumerateArray().Any(r => r.GetProperty("score").GetInt64() == Score(_opened)));
            var standing = (await Right.CallAsync(HubMethods.Standing, _id)).GetProperty("result");
            standing.GetProperty("score").GetInt64().ShouldBe(Score(_opened));
            (await Wrong.CallAsync(HubMethods.Standing, _id)).GetProperty("result").GetProperty("score").GetInt64().ShouldBe(0);
        }

        private async Task TellAsync(string step, string state, string question)
        {
            await editor.SendAsync(HttpMethod.Post, $"quizzes/{_id}/{step}", body: null);
            await SeeAsync(state, question);
        }

        private async Task SeeAsync(string state, string question)
        {
            foreach (var fan in new[] { Right, Wrong, Silent })
            {
                await fan.SeeAsync(u => u.GetProperty("key").GetString() == $"quiz:{_id}" && u.GetProperty("data") is var data && data.GetProperty("state").GetString() == state
                    && data.GetProperty("question") is var current && current.GetProperty("id").GetString() == quiz.Questions[_opened - 1].Id && current.GetProperty("state").GetString() == question);
            }
        }

        private async Task AnswerAsync()
        {
            var question = quiz.Questions[_opened - 1];
            (await AnswerAsync(Right, question.Id, question.Options[right])).GetProperty("result").GetProperty("status").GetString().ShouldBe("accepted");
            (await AnswerAsync(Wrong, question.Id, question.Options[right + 1])).GetProperty("result").GetProperty("status").GetString().ShouldBe("accepted");
        }

        private async Task NobodyHearsTooMuchAsync(string when)
        {
            await TryEverythingAsync();
            var (ofRight, ofWrong, ofSilent) = (await Right.ListenAsync(_ids), await Wrong.ListenAsync(_ids), await Silent.ListenAsync(_ids));
            var hidden = _draft.Marks.Concat(_scheduled.Marks)
                .Concat(_opened == 0 ? quiz.Marks : quiz.Questions.Skip(_opened).SelectMany(q => q.Marks))
                .Concat(quiz.Questions.Where(q => !_revealed.Contains(q.Id)).Select(q => q.Explanation))
                .ToList();
            // What was pushed before the last reveal is read after it: earlier scores are no secret.
            long[] scores = [.. Enumerable.Range(0, _revealed.Count + 1).Select(Score)];
            foreach (var heard in new[] { ofRight, ofWrong, ofSilent })
            {
                heard.ShouldNotTell(when, hidden);
                heard.ShouldTellOnlyOf(when, _revealed, scores);
            }

            foreach (var (fan, score) in new[] { (Right, scores[^1]), (Wrong, 0), (Silent, 0) })
            {
                var standing = await fan.CallAsync(HubMethods.Standing, _id);
                if (standing.TryGetProperty("result", out var result))
                {
                    result.GetProperty("score").GetInt64().ShouldBe(score, when);
                    result.TryGetProperty("rank", out _).ShouldBe(_revealed.Count > 0 && fan != Silent, when);
                    result.GetProperty("of").GetInt64().ShouldBe(_revealed.Count > 0 ? 2 : 0, when);
                }
                else
                {
                    _opened.ShouldBe(0, when);
                }
            }

            if (_opened > _revealed.Count)
            {
                // Who is right and who is wrong are told the same.
                Words(ofRight).ShouldBeSaidLike(Words(ofWrong), when);
            }
        }

        private async Task TryEverythingAsync()
        {
            foreach (var fan in new[] { Right, Wrong })
            {
                for (var i = 0; i < quiz.Questions.Count; i++)
                {
                    // To what is open: once more, something else, and something that there is not.
                    var own = quiz.Questions[i].Options[fan == Right ? right : right + 1];
                    if (i != _opened - 1 || await HasAnsweredAsync(fan))
                    {
                        await AnswerAsync(fan, quiz.Questions[i].Id, own, "again");
                        await AnswerAsync(fan, quiz.Questions[i].Id, own);
                    }

                    await AnswerAsync(fan, quiz.Questions[i].Id, "nothing");
                }
            }

            foreach (var fan in new[] { Right, Wrong, Silent })
            {
                await AnswerAsync(fan, "no-question", "nothing");
                await AnswerAsync(fan, _draft.Questions[0].Id, "nothing", quizId: _ids[1]);
                await AnswerAsync(fan, _scheduled.Questions[0].Id, "nothing", quizId: _ids[2]);
                await fan.CallAsync(HubMethods.Vote, new { interaction = _id, choices = new[] { "nothing" }, submission = "s" });
                await fan.CallAsync(HubMethods.Vote, new { interaction = _ids[1], choices = new[] { "nothing" }, submission = "s" });
                await fan.CallAsync(HubMethods.Vote, new { interaction = _ids[3], choices = new[] { "nothing" }, submission = "s" });
                await fan.CallAsync(HubMethods.MoreTime, _ids[1]);
                await fan.CallAsync(HubMethods.Follow, new { channel = _id });
            }
        }

        private async Task<bool> HasAnsweredAsync(Eavesdropper fan) =>
            (await fan.CallAsync(HubMethods.Mine, [new[] { _id }])).GetProperty("result").GetArrayLength() > 0;

        private Task<JsonElement> AnswerAsync(Eavesdropper fan, string question, string choice, string submission = "first", string? quizId = null) =>
            fan.CallAsync(HubMethods.Answer, new { quiz = quizId ?? _id, question, choices = new[] { choice }, submission });

        private async Task<IReadOnlyList<Heard>> ListenAsync() =>
            [.. await Right.ListenAsync(_ids), .. await Wrong.ListenAsync(_ids), .. await Silent.ListenAsync(_ids)];

        private IReadOnlyList<string> Words(IReadOnlyList<Heard> heard)
        {
            (string, string)[] chosen = [.. quiz.Questions.SelectMany(q => new[] { (q.Options[right], "chosen"), (q.Options[right + 1], "chosen") })];
            return [.. heard.Where(h => IsComparable(h) && h.By != "push" && (_revealed.Count == 0 || !h.By.StartsWith(HubMethods.Standing, StringComparison.Ordinal)))
                .Select(h => Eavesdropper.Normalised($"{h.By}: {h.Text}", chosen))];
        }

        // A refusal to a stranger has the number of the request in it, and how many listen changes as the test listens.
        private static bool IsComparable(Heard heard) =>
            !heard.By.StartsWith("GET /api/v1/admin", StringComparison.Ordinal) && !(heard.By == "push" && heard.Text.Contains("\"audience:", StringComparison.Ordinal));

        private string Same(string text) => Eavesdropper.Normalised(text, (_id, "quiz"), (_ids[1], "draft"), (_ids[2], "scheduled"), (channel, "channel"));

        // A point for every question, and a bonus for every one after the first, as far as the streak goes.
        private static long Score(int revealed) => (Points * revealed) + (Streak * Enumerable.Range(0, revealed).Sum());
    }
}
