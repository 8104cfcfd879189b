using System.Globalization;

namespace FanHub.LoadTests.Measuring;

/// <summary>How busy the machine is, with all that others do on it.</summary>
internal static class LoadAverage
{
    private const string File = "/proc/loadavg";

    /// <summary>How many wanted to run at the same time, on average over the last minute; 0 where the system does not say.</summary>
    public static double Now => System.IO.File.Exists(File) && double.TryParse(System.IO.File.ReadAllText(File).Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? load : 0;
}
