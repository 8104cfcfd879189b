using System.Net;
using FanHub.Contracts;
using FanHub.Server.Hosting;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Fans;

/// <summary>What one fan, or one address, may do at this node.</summary>
internal sealed class FanLimits(IOptions<LimitOptions> options, TimeProvider time)
{
    private readonly bool _enabled = options.Value.Enabled;
    private readonly RateLimit<long> _calls = new(options.Value.CallsPerSecond, options.Value.CallBurst, time);
    private readonly RateLimit<long> _ballots = new(options.Value.BallotsPerSecond, options.Value.BallotBurst, time);
    private readonly RateLimit<long> _cheers = new(options.Value.CheersPerSecond, options.Value.CheerBurst, time);
    private readonly RateLimit<IPAddress> _sessions = new(options.Value.SessionsPerSecond, options.Value.SessionBurst, time);
    private readonly RateLimit<long> _names = new(options.Value.NamesPerSecond, options.Value.NameBurst, time);
    private readonly RateLimit<IPAddress> _forgets = new(options.Value.ForgetsPerSecond, options.Value.ForgetBurst, time);

    /// <summary>Counts a call of the hub.</summary>
    /// <exception cref="FanHubException"><c>rate_limited</c>.</exception>
    public void TakeCall(long fan) => Take(_calls, fan, "calls");

    /// <summary>Counts a ballot.</summary>
    /// <exception cref="FanHubException"><c>rate_limited</c>.</exception>
    public void TakeBallot(long fan) => Take(_ballots, fan, "ballots");

    /// <summary>Counts taps of a fan who cheers.</summary>
    /// <returns>How many of them the fan may have; the others are to be dropped.</returns>
    public int TakeCheers(long fan, int taps) => _enabled ? _cheers.TakeUpTo(fan, taps) : taps;

    /// <summary>Counts a session asked for.</summary>
    /// <exception cref="FanHubException"><c>rate_limited</c>.</exception>
    public void TakeSession(IPAddress? address) => Take(_sessions, address ?? IPAddress.None, "sessions");

    /// <summary>Counts a name chosen.</summary>
    /// <exception cref="FanHubException"><c>rate_limited</c>.</exception>
    public void TakeName(long fan) => Take(_names, fan, "names");

    /// <summary>Counts a fan forgotten.</summary>
    /// <exception cref="FanHubException"><c>rate_limited</c>.</exception>
    public void TakeForget(IPAddress? address) => Take(_forgets, address ?? IPAddress.None, "fans forgotten");

    private void Take<TKey>(RateLimit<TKey> limit, TKey key, string what)
        where TKey : notnull
    {
        if (_enabled && limit.Take(key) is { Ticks: > 0 } wait)
        {
            throw new FanHubException(ErrorCodes.RateLimited, $"Too many {what}; try again in {Math.Ceiling(wait.TotalMilliseconds)} ms.", wait);
        }
    }
}
