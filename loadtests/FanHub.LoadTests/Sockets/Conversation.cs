namespace FanHub.LoadTests.Sockets;

/// <summary>What one member of a <see cref="LeanCrowd"/> says and hears, over one connection after the other. Everything happens on the crowd's thread.</summary>
/// <param name="number">The member's number.</param>
/// <param name="port">The server's, on this machine.</param>
internal abstract class Conversation(int number, int port)
{
    /// <summary>The member's number.</summary>
    public int Number => number;

    /// <summary>The server's port.</summary>
    public int Port => port;

    /// <summary>What the server is asked for.</summary>
    public abstract string Path { get; }

    /// <summary>What the kernel may hold for it, in bytes; 0 for whatever it thinks best.</summary>
    public int ReceiveBuffer { get; set; }

    /// <summary>The connection.</summary>
    public LeanSocket? Socket { get; internal set; }

    /// <summary>Called once, when the member is where it wants to be.</summary>
    public Action? Arrived { get; set; }

    /// <summary>Called when the connection is over though nobody here closed it, or could not be made.</summary>
    public Action<string>? Lost { get; set; }

    /// <summary>The connection is open.</summary>
    public abstract void Opened();

    /// <summary>A whole message has come; only valid during the call.</summary>
    public abstract void Heard(ReadOnlySpan<byte> message, long arrivedAt);

    /// <summary>Tells the server that this end is there, where it wants to be told.</summary>
    public virtual void Ping()
    {
    }

    /// <summary>Says that the member is where it wants to be.</summary>
    protected void SayArrived()
    {
        var arrived = Arrived;
        Arrived = null;
        arrived?.Invoke();
    }
}
