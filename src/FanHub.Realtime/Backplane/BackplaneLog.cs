using Microsoft.Extensions.Logging;

namespace FanHub.Realtime.Backplane;

/// <summary>What the backplane has to say.</summary>
internal static partial class BackplaneLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis did not confirm the subscription to {Channel}; messages of other nodes come when it is back")]
    public static partial void NotSubscribed(ILogger logger, string channel, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Redis did not confirm the end of the subscription to {Channel}")]
    public static partial void NotUnsubscribed(ILogger logger, string channel, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages of other nodes were lost so far, because this one could not keep up")]
    public static partial void Lost(ILogger logger, long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message of another node could not be handled")]
    public static partial void Unreadable(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer to another node could not be sent")]
    public static partial void NotAnswered(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connection {Connection} was closed because it read nothing for too long")]
    public static partial void Stalled(ILogger logger, string connection);
}
