using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Followers;
using FanHub.LoadTests.Publishing;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Targets;

/// <summary>FanHub: a channel that everybody follows.</summary>
/// <param name="nodes">The nodes for fans.</param>
/// <param name="pids">Their processes.</param>
/// <param name="publisher">Who publishes.</param>
internal sealed class FanHubTarget(IReadOnlyList<Uri> nodes, IReadOnlyList<int> pids, IUpdatePublisher publisher) : IFanOutTarget
{
    private string[] _tokens = [];

    /// <inheritdoc/>
    public string Name => "FanHub";

    /// <inheritdoc/>
    public IReadOnlyList<int> Pids => pids;

    /// <inheritdoc/>
    public async Task<FanOutRound> OpenAsync(int members, int updates, int payload, CancellationToken cancellationToken)
    {
        if (_tokens.Length < members)
        {
            _tokens = await Sessions.StartAsync(nodes, members, () => { }, cancellationToken);
        }

        return new Round(await publisher.OpenAsync("fan-out", updates, cancellationToken), publisher, [.. _tokens.Take(members).Select((token, i) => (nodes[i % nodes.Count], token))]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Round : FanOutRound
    {
        private readonly PublishedLog _log;
        private readonly IUpdatePublisher _publisher;
        private readonly ChannelFollower[] _members;

        public Round(PublishedLog log, IUpdatePublisher publisher, IReadOnlyList<(Uri Node, string Token)> members)
        {
            (_log, _publisher) = (log, publisher);
            _members = [.. members.Select((m, i) => new ChannelFollower(i, m.Node, m.Token, new LogFollower(log, Heard)))];

            void Heard(long index, long arrivedAt, bool live) => Arrivals.Add(log.DelayOf(index, arrivedAt), arrivedAt);
        }

        public override IReadOnlyList<Conversation> Members => _members;

        public override int Payload => _log.Count == 0 || _log.BytesOf(0) is not (> 0 and var length) ? 0 : length + 1;

        public override int Published => _log.Count;

        public override Task PublishAsync(CancellationToken cancellationToken) => _publisher.PublishAsync(_log, cancellationToken);

        public override IReadOnlyList<Check> Checks(IReadOnlyList<string> lost) => FollowChecks.Make([.. _members.SelectMany(m => m.Followers)], (long)_log.Count * _members.Length, lost);
    }
}
