using FanHub.Contracts;

namespace FanHub.Server.Results.Board;

/// <summary>Keys that others than their composer have to know.</summary>
internal static class BoardKeys
{
    /// <summary>The key of a unit's own result.</summary>
    public static string Result(string unit) => $"{ItemKinds.Result}:{unit}";
}
