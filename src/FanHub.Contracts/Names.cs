namespace FanHub.Contracts;

/// <summary>The kinds of items that channels hold.</summary>
public static class ItemKinds
{
    /// <summary>A poll's public state, <see cref="PollItem"/>.</summary>
    public const string Poll = "poll";

    /// <summary>A prediction's public state, <see cref="PredictionItem"/>.</summary>
    public const string Prediction = "prediction";

    /// <summary>A quiz's public state, with its current question, <see cref="QuizItem"/>.</summary>
    public const string Quiz = "quiz";

    /// <summary>Who leads, <see cref="LeaderboardItem"/>.</summary>
    public const string Leaderboard = "leaderboard";

    /// <summary>The running count of something that fans answer, <see cref="TallyItem"/>.</summary>
    public const string Tally = "tally";

    /// <summary>How many follow a channel, <see cref="AudienceItem"/>.</summary>
    public const string Audience = "audience";

    /// <summary>A result, <see cref="ResultItem"/>.</summary>
    public const string Result = "result";

    /// <summary>The medal table, <see cref="MedalTableItem"/>, and who won the medals of an event, <see cref="EventMedalsItem"/>.</summary>
    public const string Medals = "medals";

    /// <summary>A discipline's day, <see cref="ScheduleItem"/>.</summary>
    public const string Schedule = "schedule";

    /// <summary>How a unit goes just now, <see cref="TelemetryItem"/>.</summary>
    public const string Telemetry = "telemetry";

    /// <summary>A card that editors publish, <see cref="AnnouncementItem"/>.</summary>
    public const string Announcement = "announcement";

    /// <summary>How fans may cheer in a channel, <see cref="ReactionsItem"/>.</summary>
    public const string Reactions = "reactions";

    /// <summary>How fans cheer just now, <see cref="CheerItem"/>.</summary>
    public const string Cheer = "cheer";
}

/// <summary>The methods of the hub at <c>/hubs/live</c>.</summary>
public static class HubMethods
{
    /// <summary>The hub's path.</summary>
    public const string Path = "/hubs/live";

    /// <summary>Client to server: <see cref="FollowRequest"/> to <see cref="FollowReply"/>.</summary>
    public const string Follow = nameof(Follow);

    /// <summary>Client to server: a channel's id.</summary>
    public const string Unfollow = nameof(Unfollow);

    /// <summary>Client to server: <see cref="VoteRequest"/> to <see cref="BallotReply"/>.</summary>
    public const string Vote = nameof(Vote);

    /// <summary>Client to server: <see cref="AnswerRequest"/> to <see cref="BallotReply"/>.</summary>
    public const string Answer = nameof(Answer);

    /// <summary>Client to server: a quiz's id, or <c>predictions.{channel}</c>, to <see cref="Contracts.Standing"/>.</summary>
    public const string Standing = nameof(Standing);

    /// <summary>Client to server: a quiz's id; double time for this fan from its next question on.</summary>
    public const string MoreTime = nameof(MoreTime);

    /// <summary>Client to server: interaction ids to <see cref="OwnBallot"/>s.</summary>
    public const string Mine = nameof(Mine);

    /// <summary>Client to server: a <see cref="CheerRequest"/>. Call it without an invocation id: there is nothing to wait for.</summary>
    public const string Cheer = nameof(Cheer);

    /// <summary>Client to server: nothing, to the server's clock in Unix milliseconds.</summary>
    public const string Now = nameof(Now);

    /// <summary>Server to client: an array of <see cref="Update"/>, in order.</summary>
    public const string Updates = "updates";

    /// <summary>Server to client: a <see cref="Contracts.Notice"/>.</summary>
    public const string Notice = "notice";
}

/// <summary>The codes of <see cref="Notice"/>.</summary>
public static class NoticeCodes
{
    /// <summary>This node is about to leave: reconnect after <c>retryAfterMs</c>, anywhere, and follow again.</summary>
    public const string Reconnect = "reconnect";

    /// <summary>The connection did not keep up and is about to be closed: come back and resume.</summary>
    public const string Slow = "slow";

    /// <summary>The node cannot hear of new updates for now; what is held stays, nothing newer will come until <see cref="Fresh"/>.</summary>
    public const string Stale = "stale";

    /// <summary>The node is up to date again; what was missed comes, or has come, as updates.</summary>
    public const string Fresh = "fresh";

    /// <summary>The channel began a new epoch: forget its items and its offset; the updates that follow are its snapshot.</summary>
    public const string Resync = "resync";

    /// <summary>The session's token has expired: get another one and reconnect.</summary>
    public const string SessionExpired = "session_expired";
}
