using FanHub.Contracts;
using FanHub.Server.Questions;

namespace FanHub.Server.Polls;

/// <summary>A question without a right answer; its count is the result.</summary>
internal sealed class Poll : Question
{
    private Poll()
    {
    }

    /// <inheritdoc />
    public override string Kind => ItemKinds.Poll;

    /// <summary>A new draft.</summary>
    public static Poll Draft(string channel, QuestionContent content, DateTimeOffset now)
    {
        var poll = new Poll { Id = Guid.CreateVersion7(now).ToString(), Channel = channel, State = QuestionState.Draft, Version = 1, CreatedAt = now, UpdatedAt = now };
        poll.Take(content);
        return poll;
    }

    /// <summary>Replaces what was written, while no fan has seen it.</summary>
    public void Edit(QuestionContent content, DateTimeOffset now)
    {
        RequireEditable();
        Take(content);
        Changed(now);
    }

    /// <summary>Shows the result.</summary>
    public void Reveal(DateTimeOffset now)
    {
        Require("revealed", QuestionState.Closed);
        State = QuestionState.Revealed;
        Changed(now);
    }
}
