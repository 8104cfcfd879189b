using FanHub.Realtime.Channels;

namespace FanHub.Server.Results.Rehearsals;

/// <summary>Takes away what a rehearsal has shown whose node is gone.</summary>
internal static class ClearChannels
{
    /// <summary>Removes every item of the channels.</summary>
    /// <exception cref="LogUnavailableException">The live side does not answer; what is left may be removed by another call.</exception>
    public static async Task RunAsync(IChannelLog log, IReadOnlyList<string> channels, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var channel in channels)
        {
            if (await log.ReadAsync(channel, cancellationToken: cancellationToken) is not { } read)
            {
                continue;
            }

            foreach (var entry in read.Items)
            {
                await log.AppendAsync(channel, entry.Item with { Version = entry.Item.Version + 1, At = now, Data = default }, cancellationToken: cancellationToken);
            }
        }
    }
}
