using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using FanHub.LoadTests.Peers;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Sockets;

namespace FanHub.LoadTests.Targets;

/// <summary>A peer: a topic that everybody listens to, and texts that have their number in them.</summary>
internal sealed class PeerTarget(IPeer peer) : IFanOutTarget
{
    /// <inheritdoc/>
    public string Name => peer.Name;

    /// <inheritdoc/>
    public IReadOnlyList<int> Pids => peer.Pids;

    /// <inheritdoc/>
    public Task<FanOutRound> OpenAsync(int members, int updates, int payload, CancellationToken cancellationToken) => Task.FromResult<FanOutRound>(new Round(peer, members, updates, payload));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => peer.DisposeAsync();

    private sealed class Round : FanOutRound
    {
        private readonly IPeer _peer;
        private readonly string _topic = Guid.NewGuid().ToString("N");
        private readonly long[] _sentAt;
        private readonly Conversation[] _members;
        private readonly NumberedTexts _heard;
        private readonly int _payload;
        private readonly SemaphoreSlim _oneByOne = new(1, 1);
        private int _published;

        public Round(IPeer peer, int members, int updates, int payload)
        {
            (_peer, _payload, _sentAt) = (peer, payload, new long[updates]);
            _heard = new NumberedTexts(members);
            _members = [.. Enumerable.Range(0, members).Select(i => peer.Join(i, _topic, (message, arrivedAt) => Hear(i, message, arrivedAt)))];
        }

        public override void Dispose() => _oneByOne.Dispose();

        public override IReadOnlyList<Conversation> Members => _members;

        public override int Payload => _payload;

        public override int Published => _published;

        public override async Task PublishAsync(CancellationToken cancellationToken)
        {
            var dueAt = Stopwatch.GetTimestamp();
            // The next one goes out when the one before was answered: over several connections they could overtake each other.
            await _oneByOne.WaitAsync(cancellationToken);
            try
            {
                var text = NumberedTexts.Make(_published, _peer.TextLength(_payload));
                _sentAt[_published++] = dueAt;
                await _peer.PublishAsync(_topic, text, cancellationToken);
            }
            finally
            {
                _oneByOne.Release();
            }
        }

        public override IReadOnlyList<Check> Checks(IReadOnlyList<string> lost) =>
        [
            new($"{_peer.Name}: no connection was lost.", lost.Count == 0, lost.Count == 0 ? "0" : FormattableString.Invariant($"{lost.Count:N0}, the first one: {lost[0]}")),
            Check.Equal($"{_peer.Name}: every update reached every connection, once and in order.", (long)_published * _members.Length, _heard.InTurn),
        ];

        private void Hear(int member, ReadOnlySpan<byte> message, long arrivedAt)
        {
            if (_heard.Take(member, message) is { } number && number < _published)
            {
                Arrivals.Add(Stopwatch.GetElapsedTime(_sentAt[number], arrivedAt), arrivedAt);
            }
        }
    }
}

/// <summary>Texts that carry a number, and whether every member heard 0, 1, 2 and so on.</summary>
internal sealed class NumberedTexts(int members)
{
    private const int Digits = 9;
    private static readonly byte[] Mark = "no."u8.ToArray();

    private readonly int[] _next = new int[members];

    /// <summary>How many texts came in their turn.</summary>
    public long InTurn { get; private set; }

    /// <summary>Makes one of some length.</summary>
    public static string Make(int number, int length) => string.Create(CultureInfo.InvariantCulture, $"no.{number:D9}").PadRight(length, 'x');

    /// <summary>Takes what a member heard.</summary>
    /// <returns>Its number; null where it has none.</returns>
    public int? Take(int member, ReadOnlySpan<byte> message)
    {
        var at = message.IndexOf(Mark);
        if (at < 0 || !Utf8Parser.TryParse(message.Slice(at + Mark.Length, Math.Min(Digits, message.Length - at - Mark.Length)), out int number, out _))
        {
            return null;
        }

        if (_next[member] == number)
        {
            _next[member]++;
            InTurn++;
        }

        return number;
    }
}
