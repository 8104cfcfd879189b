using System.Globalization;
using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.LoadTests.Fans;

/// <summary>The types of SignalR's messages that a fan gets.</summary>
internal enum MessageType
{
    /// <summary>No type: the answer to the handshake.</summary>
    Handshake = 0,

    /// <summary>The server calls.</summary>
    Call = 1,

    /// <summary>The answer to a call.</summary>
    Completion = 3,

    /// <summary>The server is there.</summary>
    Ping = 6,

    /// <summary>The server hangs up.</summary>
    Close = 7,
}

/// <summary>The answer to a call.</summary>
/// <param name="Result">What the method returned.</param>
/// <param name="Error">Why it failed, as <c>code: text</c>; null where it did not.</param>
/// <param name="ArrivedAt">When it was read, in stopwatch ticks.</param>
internal sealed record Reply(JsonElement Result, string? Error, long ArrivedAt)
{
    /// <summary>The stable code of the failure.</summary>
    public string? ErrorCode => Error?.Split(':')[0];

    /// <summary>The result as what it should be.</summary>
    public T Read<T>() => Result.Deserialize<T>(WireJson.Options) ?? throw new InvalidDataException("The server answered with null.");
}

/// <summary>Just as much of SignalR's JSON protocol as a fan needs.</summary>
internal static class SignalRJson
{
    /// <summary>What a record is. The type comes first in everything that a SignalR server writes, which spares reading the rest; elsewhere it is looked for.</summary>
    public static MessageType TypeOf(ReadOnlySpan<byte> record)
    {
        var usual = """{"type":"""u8;
        if (record.StartsWith(usual) && record.Length > usual.Length + 1 && record[usual.Length + 1] is (byte)',' or (byte)'}')
        {
            return (MessageType)(record[usual.Length] - '0');
        }

        return Parse(record).TryGetProperty("type", out var type) ? (MessageType)type.GetInt32() : MessageType.Handshake;
    }

    /// <summary>Reads the answer to a call.</summary>
    public static (int Call, Reply Reply) ReadReply(ReadOnlySpan<byte> record, long arrivedAt)
    {
        var message = Parse(record);
        var call = int.Parse(message.GetProperty("invocationId").GetString()!, CultureInfo.InvariantCulture);
        var error = message.TryGetProperty("error", out var text) ? text.GetString() : null;
        return (call, new Reply(message.TryGetProperty("result", out var result) ? result : default, error, arrivedAt));
    }

    /// <summary>The channel that a call from the server is about, as it is written; nothing where none is named. Finds the first without reading the rest.</summary>
    public static ReadOnlySpan<byte> ChannelOf(ReadOnlySpan<byte> record)
    {
        var name = "\"channel\":\""u8;
        var start = record.IndexOf(name);
        var rest = start < 0 ? [] : record[(start + name.Length)..];
        return rest[..Math.Max(0, rest.IndexOf((byte)'"'))];
    }

    /// <summary>The error of a handshake or a close; null where there is none.</summary>
    public static string? ReadError(ReadOnlySpan<byte> record) => Parse(record).TryGetProperty("error", out var error) ? error.GetString() : null;

    /// <summary>The updates of a call of <c>updates</c>; none for any other call.</summary>
    public static IReadOnlyList<Update> ReadUpdates(ReadOnlySpan<byte> record) => ReadArgument<List<Update>>(record, HubMethods.Updates) ?? [];

    /// <summary>The notice of a call of <c>notice</c>; null for any other call.</summary>
    public static Notice? ReadNotice(ReadOnlySpan<byte> record) => ReadArgument<Notice>(record, HubMethods.Notice);

    private static T? ReadArgument<T>(ReadOnlySpan<byte> record, string target)
        where T : class
    {
        var message = Parse(record);
        return string.Equals(message.GetProperty("target").GetString(), target, StringComparison.Ordinal) ? message.GetProperty("arguments")[0].Deserialize<T>(WireJson.Options) : null;
    }

    private static JsonElement Parse(ReadOnlySpan<byte> record) => JsonSerializer.Deserialize<JsonElement>(record);
}
