namespace FanHub.LoadTests.Running;

/// <summary>The test could not be run; the message says to the person who started it what to do.</summary>
internal sealed class LoadTestException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The server limits what one fan or one machine may do, which is all that a load test does.</summary>
    public static LoadTestException Limited(string what) =>
        new($"The server limits {what} (rate_limited): start the server with FanHub__Limits__Enabled=false.");
}
