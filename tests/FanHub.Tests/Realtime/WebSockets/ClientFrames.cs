using FanHub.Realtime.WebSockets;
using FanHub.Testing;

namespace FanHub.Tests.Realtime.WebSockets;

/// <summary>Frames as clients write them, right and wrong.</summary>
internal static class ClientFrames
{
    /// <summary>A frame, masked by a key that is not nothing.</summary>
    public static byte[] Of(FrameKind kind, ReadOnlySpan<byte> payload, bool final = true, byte reserved = 0, bool masked = true, int? lengthBytes = null, uint mask = 0x37FA213D) =>
        RawWebSocket.Frame((int)kind, payload, final, reserved, masked, lengthBytes, mask);

    /// <summary>A close frame.</summary>
    public static byte[] Close(int code, string reason = "") => RawWebSocket.CloseFrame(code, reason);
}
