namespace FanHub.Realtime.Fanout;

/// <summary>A connection's way out for ready frames: straight to the socket where the connection is one of our own WebSockets, through SignalR's writer where it is anything else.</summary>
internal interface IFrameLane
{
    /// <summary>For how long nothing has been sent, in ms.</summary>
    int MillisecondsIdle { get; }

    /// <summary>Does what SignalR wants done every few seconds.</summary>
    void Beat();

    /// <summary>Says whom to tell that the lane takes frames again. Called once, before anything is written.</summary>
    void Attach(FanConnection owner);

    /// <summary>Whether frames may be taken past the owner: nothing waits there, and nothing is held back. Said by the owner, under its lock.</summary>
    bool IsDirect { set; }

    /// <summary>Takes a frame, and never waits.</summary>
    /// <returns>False where it is to be given no further one until it says so by <see cref="FanConnection.Drained"/>.</returns>
    bool Write(Frame frame);
}
