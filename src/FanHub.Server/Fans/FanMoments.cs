namespace FanHub.Server.Fans;

/// <summary>Moments as the stores write them: Unix microseconds, which 53 bits hold until the year 2255.</summary>
internal static class FanMoments
{
    /// <summary>The moment as microseconds.</summary>
    public static long ToMicroseconds(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Microseconds as a moment.</summary>
    public static DateTimeOffset FromMicroseconds(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
