using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.Server.Exports;

/// <summary>Names as they are on the wire.</summary>
internal static class Wire
{
    /// <summary>The name of a value of an enumeration.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonSerializer.SerializeToElement(value, WireJson.Options).GetString()!;
}
