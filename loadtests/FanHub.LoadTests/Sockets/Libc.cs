using System.Runtime.InteropServices;

namespace FanHub.LoadTests.Sockets;

/// <summary>The calls of Linux that thousands of sockets on one thread take: the runtime's own sockets would cost the machine more than the servers that are measured on it.</summary>
internal static partial class Libc
{
    public const int Inet = 2;
    public const int Stream = 1;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public const int SocketLevel = 1;
    public const int IpLevel = 0;
    public const int TcpLevel = 6;
    public const int OptionError = 4;
    public const int OptionReceiveBuffer = 8;
    public const int OptionLinger = 13;
    public const int OptionNoDelay = 1;
    public const int OptionBindAddressNoPort = 24;

    public const int Add = 1;
    public const int Modify = 3;

    public const uint Readable = 0x1;
    public const uint Writable = 0x4;
    public const uint Error = 0x8;
    public const uint HungUp = 0x10;
    public const uint PeerClosed = 0x2000;

    public const int NoSignal = 0x4000;

    public const int Again = 11;
    public const int Interrupted = 4;
    public const int InProgress = 115;

    private const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "socket", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Name, EntryPoint = "bind", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Bind(int socket, in InetAddress address, int length);

    [LibraryImport(Name, EntryPoint = "connect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Connect(int socket, in InetAddress address, int length);

    [LibraryImport(Name, EntryPoint = "setsockopt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetOption(int socket, int level, int option, in long value, int length);

    [LibraryImport(Name, EntryPoint = "getsockopt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int GetOption(int socket, int level, int option, out int value, ref int length);

    [LibraryImport(Name, EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Receive(int socket, Span<byte> buffer, nint length, int flags);

    [LibraryImport(Name, EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Send(int socket, ReadOnlySpan<byte> bytes, nint length, int flags);

    [LibraryImport(Name, EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Close(int file);

    [LibraryImport(Name, EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EventFile(uint value, int flags);

    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Write(int file, in ulong value, nint length);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Read(int file, out ulong value, nint length);

    [LibraryImport(Name, EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int CreateEpoll(int flags);

    [LibraryImport(Name, EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int ControlEpoll(int epoll, int operation, int file, ReadOnlySpan<byte> interest);

    [LibraryImport(Name, EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int WaitEpoll(int epoll, Span<byte> events, int most, int milliseconds);
}

/// <summary>An IPv4 address and port as the kernel takes them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct InetAddress
{
    public const int Length = 16;

    private readonly ushort _family;
    private readonly ushort _port;
    private readonly uint _address;
    private readonly ulong _zero;

    /// <summary>An address of this machine, 127.a.b.c, by its last three numbers.</summary>
    public InetAddress(int loopback, int port)
    {
        _family = Libc.Inet;
        _port = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((ushort)port);
        _address = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(0x7f000000u | (uint)loopback);
        _zero = 0;
    }
}
