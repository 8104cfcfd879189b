using System.Text.Json;
using FanHub.Contracts;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FanHub.Server.Storage;

/// <summary>A value kept as JSON text, on every database alike.</summary>
internal sealed class JsonColumn<T>() : ValueConverter<T, string>(value => Write(value), text => Read(text))
    where T : class?
{
    /// <summary>Equal is what is written alike. Values are replaced, never changed in place.</summary>
    public static ValueComparer<T> Comparer { get; } = new(
        (a, b) => ReferenceEquals(a, b) || (a != null && b != null && Write(a) == Write(b)),
        value => StringComparer.Ordinal.GetHashCode(Write(value)),
        value => value);

    private static string Write(T value) => JsonSerializer.Serialize(value, WireJson.Options);

    private static T Read(string text) => JsonSerializer.Deserialize<T>(text, WireJson.Options) ?? throw new FormatException("A JSON column holds null.");
}

/// <summary>A moment kept as Unix milliseconds: compared and sorted alike on every database.</summary>
internal sealed class UnixMsConverter() : ValueConverter<DateTimeOffset, long>(moment => moment.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));
