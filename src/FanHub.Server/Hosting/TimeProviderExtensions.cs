namespace FanHub.Server.Hosting;

/// <summary>Moments as they are stored and sent.</summary>
internal static class TimeProviderExtensions
{
    /// <summary>Now, in whole milliseconds: what is stored, compared and sent, so that all three are equal.</summary>
    public static DateTimeOffset NowMs(this TimeProvider time) => time.GetUtcNow().WholeMs();

    /// <summary>The moment in UTC, without what is below a millisecond.</summary>
    public static DateTimeOffset WholeMs(this DateTimeOffset moment) => DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds());
}
