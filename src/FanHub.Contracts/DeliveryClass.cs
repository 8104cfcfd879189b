using System.Text.Json.Serialization;

namespace FanHub.Contracts;

/// <summary>What an update is worth when a connection cannot take everything. Fixed per item kind, never mixed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryClass>))]
public enum DeliveryClass
{
    /// <summary>Takes an offset in the channel's log; always delivered, in order.</summary>
    [JsonStringEnumMemberName("logged")]
    Logged,

    /// <summary>Only the newest value matters: conflated under pressure, kept in the snapshot under its own version.</summary>
    [JsonStringEnumMemberName("latest")]
    Latest,

    /// <summary>Shown if there is room, dropped otherwise; kept nowhere.</summary>
    [JsonStringEnumMemberName("fleeting")]
    Fleeting,
}
