using System.Security.Cryptography;

namespace FanHub.Realtime.Channels;

/// <summary>Names for the lives of logs.</summary>
internal static class Epochs
{
    /// <summary>A name that no log had before: 12 random characters.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(12, lowercase: true);
}
