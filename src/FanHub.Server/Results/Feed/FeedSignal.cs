using FanHub.Server.Hosting;

namespace FanHub.Server.Results.Feed;

/// <summary>Wakes whoever derives results, after messages were stored or are to be looked at again.</summary>
internal sealed class FeedSignal : WakeUp;
