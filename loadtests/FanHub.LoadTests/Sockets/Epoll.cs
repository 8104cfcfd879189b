using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FanHub.LoadTests.Sockets;

/// <summary>Tells which of many files have something to do.</summary>
internal sealed class Epoll : IDisposable
{
    private const int AtOnce = 1024;

    // The kernel packs this structure on x86-64 and nowhere else.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataAt + 8;

    private readonly byte[] _events = new byte[AtOnce * EventSize];
    private readonly int _epoll;

    /// <summary>Nothing is watched yet.</summary>
    public Epoll() => _epoll = Checked(Libc.CreateEpoll(Libc.CloseOnExec), "epoll_create1");

    /// <summary>Begins to watch a file, or watches it for other things.</summary>
    public void Watch(int file, uint interest, int data, bool isNew)
    {
        Span<byte> wanted = stackalloc byte[16];
        wanted.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(wanted, interest);
        BinaryPrimitives.WriteInt32LittleEndian(wanted[DataAt..], data);
        Checked(Libc.ControlEpoll(_epoll, isNew ? Libc.Add : Libc.Modify, file, wanted), "epoll_ctl");
    }

    /// <summary>Waits until there is something, for so many ms at most; 0 for not at all, -1 for as long as it takes.</summary>
    /// <returns>How many there are.</returns>
    public int Wait(int milliseconds)
    {
        var found = Libc.WaitEpoll(_epoll, _events, AtOnce, milliseconds);
        return found < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted ? 0 : Checked(found, "epoll_wait");
    }

    /// <summary>What the last waiting found.</summary>
    public (uint What, int Data) this[int index]
    {
        get
        {
            var at = _events.AsSpan(index * EventSize);
            return (BinaryPrimitives.ReadUInt32LittleEndian(at), BinaryPrimitives.ReadInt32LittleEndian(at[DataAt..]));
        }
    }

    /// <summary>Throws where a call failed.</summary>
    public static int Checked(int result, string call) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    /// <inheritdoc/>
    public void Dispose() => _ = Libc.Close(_epoll);
}
