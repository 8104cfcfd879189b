using FanHub.Server.Questions;

namespace FanHub.Server.Polls;

/// <summary>A poll as editors see it.</summary>
internal sealed record PollView : QuestionView
{
    /// <summary>Shows a poll.</summary>
    public PollView(Poll poll)
        : base(poll)
    {
    }
}
