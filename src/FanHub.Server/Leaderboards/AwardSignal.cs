using FanHub.Server.Hosting;

namespace FanHub.Server.Leaderboards;

/// <summary>Wakes the worker that gives points when there may be some to give.</summary>
internal sealed class AwardSignal : WakeUp;
