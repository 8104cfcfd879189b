using System.Text.Json;
using FanHub.Contracts;
using FanHub.Server.Results.Desk;

namespace FanHub.Server.Results.Feed;

/// <summary>A result that an editor published or took away, as it is kept among the messages.</summary>
internal sealed record EditorsMessage
{
    /// <summary>The unit.</summary>
    public required string Unit { get; init; }

    /// <summary>What it says; null takes it away.</summary>
    public EditorsResult? Result { get; init; }

    /// <summary>The <c>If-Match</c> that came with it; null: it is meant for whatever there is.</summary>
    public string? IfMatch { get; init; }

    /// <summary>As JSON, the way it is stored.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, WireJson.Options);

    /// <summary>From JSON.</summary>
    public static EditorsMessage Read(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize<EditorsMessage>(json.Span, WireJson.Options) ?? throw new FormatException("A stored result is null.");
}
