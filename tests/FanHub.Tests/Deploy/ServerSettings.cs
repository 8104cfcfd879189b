using System.Reflection;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Server.Ballots;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;

namespace FanHub.Tests.Deploy;

/// <summary>Every setting that the server reads, in lower case, for it does not tell cases apart.</summary>
internal static class ServerSettings
{
    private static readonly Dictionary<string, Type> Sections = new(StringComparer.Ordinal)
    {
        ["FanHub"] = typeof(FanHubOptions),
        ["FanHub:Limits"] = typeof(LimitOptions),
        ["FanHub:Channels"] = typeof(ChannelOptions),
        ["FanHub:Fanout"] = typeof(FanoutOptions),
        [VotingOptions.Section] = typeof(VotingOptions),
        [BallotBatcherOptions.Section] = typeof(BallotBatcherOptions),
        ["FanHub:Sessions"] = typeof(FanSessionOptions),
        [NameOptions.Section] = typeof(NameOptions),
        [ForgottenFansOptions.Section] = typeof(ForgottenFansOptions),
        ["FanHub:Drain"] = typeof(DrainOptions),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlySet<string> All { get; } = Sections
        .SelectMany(section => section.Value.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(p => $"{section.Key}:{p.Name}"))
        .Concat(["Urls", "ConnectionStrings:Redis", "ConnectionStrings:Postgres", "FanHub:BootstrapKey", TrustedProxies.Setting])
        .ToHashSet(StringComparer.OrdinalIgnoreCase);
}
