namespace FanHub.Realtime.Redis;

/// <summary>
/// The one home of all names in Redis. What must change together shares a hash tag (the part in braces), so that it also lives together in a cluster.
/// </summary>
/// <param name="prefix">Set before every name, so that several deployments can share a Redis.</param>
public sealed class RedisKeys(string prefix)
{
    /// <summary>Hash: epoch, offset, revision of a channel, and the life (the run_id) of the Redis server that they were last vouched for under.</summary>
    public string ChannelHead(string channel) => $"{prefix}:{{{channel}}}:head";

    /// <summary>Stream: a channel's log; entry ids are <c>offset-0</c>.</summary>
    public string ChannelLog(string channel) => $"{prefix}:{{{channel}}}:log";

    /// <summary>Hash: a channel's items by key.</summary>
    public string ChannelItems(string channel) => $"{prefix}:{{{channel}}}:items";

    /// <summary>Hash: removed items by key, with their last version.</summary>
    public string ChannelGone(string channel) => $"{prefix}:{{{channel}}}:gone";

    /// <summary>String that expires: the offset that an idempotency key was appended at.</summary>
    public string ChannelIdempotency(string channel, string key) => $"{prefix}:{{{channel}}}:once:{key}";

    /// <summary>Publish/subscribe channel that wakes the nodes which follow a channel.</summary>
    public string ChannelNotify(string channel) => $"{prefix}:{{{channel}}}:notify";

    /// <summary>Hash: channel, sealed, the record's counters, and ballots per option (the option's index is the field) of a ballot box: one hash, so that all are read at one moment.</summary>
    public string Box(string interaction) => $"{prefix}:{{{interaction}}}:box";

    /// <summary>Set: numbers of the buckets that hold ballots.</summary>
    public string BoxBuckets(string interaction) => $"{prefix}:{{{interaction}}}:buckets";

    /// <summary>Hash: the ballots of fans whose number divided by the bucket's size is <paramref name="bucket"/>.</summary>
    public string BoxBucket(string interaction, long bucket) => $"{prefix}:{{{interaction}}}:b:{bucket}";

    /// <summary>String that expires: some node publishes the tally for now.</summary>
    public string TallyClaim(string interaction) => $"{prefix}:{{{interaction}}}:claim";

    /// <summary>Hash: revision and checksum of a leaderboard.</summary>
    public string BoardHead(string board) => $"{prefix}:{{board:{board}}}:head";

    /// <summary>Hash: the totals of who takes part in a leaderboard; the field is a fan number divided by the page's size, the value a page.</summary>
    public string BoardPages(string board) => $"{prefix}:{{board:{board}}}:pages";

    /// <summary>Sorted set: the pages of a leaderboard by the revision that they were last written at.</summary>
    public string BoardChanges(string board) => $"{prefix}:{{board:{board}}}:changes";

    /// <summary>Set: the sources that points of a leaderboard came from.</summary>
    public string BoardSources(string board) => $"{prefix}:{{board:{board}}}:sources";

    /// <summary>Hash: for each chunk of a source, the version of it that a leaderboard holds.</summary>
    public string BoardApplied(string board, string source) => $"{prefix}:{{board:{board}}}:applied:{source}";

    /// <summary>String: the last version that a leaderboard was published with.</summary>
    public string BoardVersion(string board) => $"{prefix}:{{board:{board}}}:version";

    /// <summary>String: the next fan number that nobody has.</summary>
    public string NextFan => $"{prefix}:fans:next";

    /// <summary>Hash: the names of fans whose number divided by the bucket's size is <paramref name="bucket"/>. It shares a hash tag with all else that is known of fans, for who is forgotten loses all of it at once.</summary>
    public string FanNames(long bucket) => $"{prefix}:{{fans}}:names:{bucket}";

    /// <summary>Sorted set: the numbers of forgotten fans, by the moment, in Unix microseconds of Redis's clock.</summary>
    public string ForgottenFans => $"{prefix}:{{fans}}:forgotten";

    /// <summary>Sorted set that expires: the fans who asked for more time on a quiz, by the moment, in Unix milliseconds.</summary>
    public string MoreTime(string quiz) => $"{prefix}:{{fans}}:more:{quiz}";

    /// <summary>Sorted set: the quizzes that somebody asked for more time on, by when somebody last did, in Unix milliseconds of Redis's clock.</summary>
    public string MoreTimeQuizzes => $"{prefix}:{{fans}}:more-quizzes";

    /// <summary>Hash: each node's report of its audience.</summary>
    public string AudienceReports => $"{prefix}:{{audience}}:reports";

    /// <summary>Sorted set: when each node's report was put up, in Unix milliseconds.</summary>
    public string AudienceTimes => $"{prefix}:{{audience}}:times";

    /// <summary>Hash that expires: taps of a channel's fans, by second and reaction (<c>second:reaction</c> is the field).</summary>
    public string CheerSums(string channel) => $"{prefix}:{{{channel}}}:cheers";

    /// <summary>String: the key that session tokens are signed with.</summary>
    public string SessionSigningKey => $"{prefix}:sessions:key";

    /// <summary>Publish/subscribe channel of a hub that all its nodes listen to: what is for everybody, and what is for a connection or a user wherever they are.</summary>
    public string BackplaneAll(string hub) => $"{prefix}:{{{hub}}}:all";

    /// <summary>Publish/subscribe channel of a hub that one node listens to: answers and results.</summary>
    public string BackplaneNode(string hub, string node) => $"{prefix}:{{{hub}}}:node:{node}";

    /// <summary>Publish/subscribe channel of a hub's group, which nodes with a member listen to.</summary>
    public string BackplaneGroup(string hub, string group) => $"{prefix}:{{{hub}}}:group:{group}";
}
