using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FanHub.Realtime.WebSockets;

/// <summary>
/// Sends on a socket by the system call and nothing else, where there is such a call (Linux). The framework's way is as correct, and touches three more objects for every frame: for many
/// thousand sockets none of them is in a cache.
/// </summary>
internal static unsafe partial class NativeSocket
{
    // From Linux's socket.h: do not wait; do not raise a signal where the peer has gone.
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;

    /// <summary>Keeps the descriptor open until <see cref="Release"/>, whoever closes the socket meanwhile: its number must not become somebody else's.</summary>
    /// <returns>The descriptor; -1 where the framework's way has to do.</returns>
    public static int Hold(Socket socket)
    {
        var held = false;
        if (OperatingSystem.IsLinux())
        {
            try
            {
                socket.SafeHandle.DangerousAddRef(ref held);
            }
            catch (ObjectDisposedException)
            {
                // It was closed while it was being taken over.
            }
        }

        return held ? (int)socket.SafeHandle.DangerousGetHandle() : -1;
    }

    /// <summary>Ends a hold that gave a descriptor.</summary>
    public static void Release(Socket socket) => socket.SafeHandle.DangerousRelease();

    /// <summary>Sends what the kernel takes at once.</summary>
    /// <returns>How many bytes; negative where it took none, or the connection is broken: the framework's way tells which.</returns>
    public static int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            return (int)Send(descriptor, first, bytes.Length, DontWait | NoSignal);
        }
    }

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(int descriptor, byte* bytes, nint length, int flags);
}
