namespace FanHub.Realtime.Fanout;

/// <summary>
/// What a hub filter returns in place of a result: the call failed, and the client is told so as of any failure. To throw says the same, and costs more than most calls do when everybody is
/// refused at once.
/// </summary>
/// <param name="Message">As <c>code: text</c>.</param>
public sealed record Refusal(string Message);
