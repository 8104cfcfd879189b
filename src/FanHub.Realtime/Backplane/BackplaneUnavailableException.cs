namespace FanHub.Realtime.Backplane;

/// <summary>Other nodes could not be reached, or not be heard of in time. Connections of this node were served; whether those of others were is unknown.</summary>
public sealed class BackplaneUnavailableException(string message, Exception inner) : IOException(message, inner);
