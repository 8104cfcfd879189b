using FanHub.Contracts;
using FanHub.Server.Ballots;
using FanHub.Server.Hosting;
using FanHub.Server.Questions;

namespace FanHub.Server.Quizzes;

/// <summary>What an editor decides about a quiz.</summary>
internal sealed record QuizContent
{
    /// <summary>What it is called, by language.</summary>
    public required Dictionary<string, string> Title { get; init; }

    /// <summary>How correct answers earn points.</summary>
    public required QuizScoring Scoring { get; init; }

    /// <summary>What each correct answer in a row after the first adds, five times at the most.</summary>
    public required int StreakBonus { get; init; }

    /// <summary>Who says when it goes on.</summary>
    public required QuizPace Pace { get; init; }

    /// <summary>How long a reveal stays before a timed quiz goes on, in seconds.</summary>
    public required int PauseSeconds { get; init; }

    /// <summary>Whether fans may ask for double time.</summary>
    public required bool MoreTime { get; init; }

    /// <summary>How much later, in ms, answers behind a delayed video count.</summary>
    public required int LateWindowMs { get; init; }

    /// <summary>When it is to start.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>The questions, in the order that they are asked.</summary>
    public required List<QuizQuestion> Questions { get; init; }
}

/// <summary>Questions, one after the other, and points for right answers. It alone decides which transitions there are; a wrong one is <c>conflict</c> and changes nothing.</summary>
internal sealed class Quiz
{
    private Quiz()
    {
    }

    /// <summary>A UUIDv7: quizzes sort by the time they were made. Also names its leaderboard.</summary>
    public string Id { get; private init; } = null!;

    /// <summary>The channel that it appears in.</summary>
    public string Channel { get; private init; } = null!;

    /// <summary>Where in its life it is.</summary>
    public QuizState State { get; private set; }

    /// <summary>Grows with every change; also the version of its item.</summary>
    public long Version { get; private set; }

    /// <inheritdoc cref="QuizContent.Title" />
    public Dictionary<string, string> Title { get; private set; } = null!;

    /// <inheritdoc cref="QuizContent.Scoring" />
    public QuizScoring Scoring { get; private set; }

    /// <inheritdoc cref="QuizContent.StreakBonus" />
    public int StreakBonus { get; private set; }

    /// <inheritdoc cref="QuizContent.Pace" />
    public QuizPace Pace { get; private set; }

    /// <inheritdoc cref="QuizContent.PauseSeconds" />
    public int PauseSeconds { get; private set; }

    /// <inheritdoc cref="QuizContent.MoreTime" />
    public bool MoreTime { get; private set; }

    /// <inheritdoc cref="QuizContent.LateWindowMs" />
    public int LateWindowMs { get; private set; }

    /// <summary>When it is to start; once it runs, when it did.</summary>
    public DateTimeOffset? OpensAt { get; private set; }

    /// <inheritdoc cref="QuizContent.Questions" />
    public List<QuizQuestion> Questions { get; private set; } = null!;

    /// <summary>How many questions have been opened: the last of them is the current one.</summary>
    public int Asked { get; private set; }

    /// <summary>When fans first got to see it; null where they never did.</summary>
    public DateTimeOffset? PublishedAt { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The question that it has come to; null before the first.</summary>
    public QuizQuestion? Current => Asked > 0 ? Questions[Asked - 1] : null;

    /// <summary>Whether there is another question after the current one.</summary>
    public bool HasNext => Asked < Questions.Count;

    /// <summary>A new draft.</summary>
    public static Quiz Draft(string channel, QuizContent content, DateTimeOffset now)
    {
        var quiz = new Quiz { Id = Guid.CreateVersion7(now).ToString(), Channel = channel, State = QuizState.Draft, Version = 1, CreatedAt = now, UpdatedAt = now };
        quiz.Take(content);
        return quiz;
    }

    /// <summary>The ballots of one of its questions.</summary>
    public Round RoundOf(QuizQuestion question) =>
        new(ItemKinds.Quiz, Interaction.BoxOf(Id, question.Id), Channel, question.OptionIds(), question.MaxChoices, question.OpensAt ?? CreatedAt);

    /// <summary>Replaces what was written, while no fan has seen it.</summary>
    public void Edit(QuizContent content, DateTimeOffset now)
    {
        Require("edited", QuizState.Draft, QuizState.Scheduled);
        Take(content);
        Changed(now);
    }

    /// <summary>Waits for its time.</summary>
    public void Schedule(DateTimeOffset now)
    {
        Require("scheduled", QuizState.Draft);
        State = QuizState.Scheduled;
        Changed(now);
    }

    /// <summary>Starts, and opens the first question.</summary>
    public void Start(DateTimeOffset opensAt, DateTimeOffset now)
    {
        Require("started", QuizState.Draft, QuizState.Scheduled);
        State = QuizState.Running;
        OpensAt = opensAt;
        PublishedAt = now;
        Ask(opensAt, now);
    }

    /// <summary>Opens the next question.</summary>
    public void Next(DateTimeOffset opensAt, DateTimeOffset now)
    {
        RequireNext();
        RequireCurrent("followed by the next", QuizQuestionState.Revealed);
        Ask(opensAt, now);
    }

    /// <summary>Takes no more answers to the current question; the count is certified.</summary>
    public void Close(CertifiedResult result, DateTimeOffset now)
    {
        RequireClosable();
        Replace(Current! with { State = QuizQuestionState.Closed, Result = result, ClosesAt = result.ClosedAt }, now);
    }

    /// <summary>Shows what was correct, from now on or, where the clock does, from the moment that was planned. From then on it counts.</summary>
    public void Reveal(DateTimeOffset now, DateTimeOffset? revealedAt = null)
    {
        RequireCurrent("revealed", QuizQuestionState.Closed);
        Replace(Current! with { State = QuizQuestionState.Revealed, RevealedAt = revealedAt ?? now }, now);
    }

    /// <summary>Ends it, now or at the moment that was planned, which is then when it last changed. Questions that were not asked stay unasked.</summary>
    public void Finish(DateTimeOffset finishedAt)
    {
        RequireCurrent("the last one", QuizQuestionState.Revealed);
        State = QuizState.Finished;
        Changed(finishedAt);
    }

    /// <summary>Calls it off.</summary>
    public void Cancel(DateTimeOffset now)
    {
        RequireCancellable();
        State = QuizState.Cancelled;
        Changed(now);
    }

    /// <summary>Takes it away from every fan.</summary>
    public void Revoke(DateTimeOffset now)
    {
        RequireRevocable();
        State = QuizState.Revoked;
        Changed(now);
    }

    /// <summary>Throws unless it runs.</summary>
    public void RequireRunning(string done) => Require(done, QuizState.Running);

    /// <summary>Throws unless the current question can be closed: asked before its box is sealed, which cannot be undone.</summary>
    public void RequireClosable() => RequireCurrent("closed", QuizQuestionState.Open);

    /// <summary>Throws unless the current question can be revealed, once it is closed.</summary>
    public void RequireRevealable() => RequireCurrent("revealed", QuizQuestionState.Open, QuizQuestionState.Closed);

    /// <summary>Throws unless there is another question.</summary>
    public void RequireNext()
    {
        Require("continued", QuizState.Running);
        if (!HasNext)
        {
            throw new FanHubException(ErrorCodes.Conflict, "That was the last question; the quiz can be finished.");
        }
    }

    /// <summary>Throws unless it can be cancelled.</summary>
    public void RequireCancellable() => Require("cancelled", QuizState.Draft, QuizState.Scheduled, QuizState.Running);

    /// <summary>Throws unless it can be revoked: fans have seen it.</summary>
    public void RequireRevocable()
    {
        Require("revoked", QuizState.Running, QuizState.Finished, QuizState.Cancelled);
        if (PublishedAt is null)
        {
            throw new FanHubException(ErrorCodes.Conflict, "A quiz that was cancelled before it started cannot be revoked: no fan has seen it.");
        }
    }

    private void Require(string done, params QuizState[] from)
    {
        if (!from.Contains(State))
        {
            throw Question.WrongState("A quiz", QuizStates.Name(State), done, from.Select(QuizStates.Name));
        }
    }

    private void RequireCurrent(string done, params QuizQuestionState[] from)
    {
        Require("continued", QuizState.Running);
        if (!from.Contains(Current!.State))
        {
            throw Question.WrongState("A question", QuizStates.Name(Current.State), done, from.Select(QuizStates.Name));
        }
    }

    private void Ask(DateTimeOffset opensAt, DateTimeOffset now)
    {
        Asked++;
        Replace(Current! with { State = QuizQuestionState.Open, OpensAt = opensAt, ClosesAt = opensAt.AddSeconds(Current.Seconds) }, now);
    }

    private void Replace(QuizQuestion current, DateTimeOffset now)
    {
        // A new list: what is saved is compared with what was read.
        Questions = [.. Questions.Select((q, i) => i == Asked - 1 ? current : q)];
        Changed(now);
    }

    private void Take(QuizContent content)
    {
        if (State == QuizState.Scheduled && content.OpensAt is null)
        {
            throw FieldErrors.Single("opensAt", "is needed: the quiz is scheduled");
        }

        Title = content.Title;
        Scoring = content.Scoring;
        StreakBonus = content.StreakBonus;
        Pace = content.Pace;
        PauseSeconds = content.PauseSeconds;
        MoreTime = content.MoreTime;
        LateWindowMs = content.LateWindowMs;
        OpensAt = content.OpensAt;
        Questions = content.Questions;
    }

    private void Changed(DateTimeOffset now)
    {
        Version++;
        UpdatedAt = now;
    }
}
