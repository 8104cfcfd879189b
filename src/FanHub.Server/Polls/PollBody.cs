using FanHub.Server.Questions;

namespace FanHub.Server.Polls;

/// <summary>What an editor says of a poll: the body of <c>POST polls</c> and <c>PUT polls/{id}</c>.</summary>
internal sealed record PollBody : QuestionBody;
