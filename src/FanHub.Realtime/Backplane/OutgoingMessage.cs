using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace FanHub.Realtime.Backplane;

/// <summary>A hub message that is encoded already, for any number of connections of this node.</summary>
/// <param name="Message">In SignalR's wrapping.</param>
/// <param name="Length">About how many bytes a connection is sent.</param>
internal readonly record struct OutgoingMessage(SerializedHubMessage Message, int Length)
{
    /// <summary>Encodes a message for one connection, in its protocol alone.</summary>
    public static OutgoingMessage For(HubConnectionContext connection, HubMessage message)
    {
        var serialized = new SerializedHubMessage(message);
        return new OutgoingMessage(serialized, serialized.GetSerializedMessage(connection.Protocol).Length);
    }

    /// <summary>Wraps a message that has been encoded once per protocol.</summary>
    public static OutgoingMessage From(IReadOnlyList<SerializedMessage> encoded)
    {
        var length = 0;
        foreach (var part in encoded)
        {
            length = Math.Max(length, part.Serialized.Length);
        }

        return new OutgoingMessage(new SerializedHubMessage(encoded), length);
    }
}
