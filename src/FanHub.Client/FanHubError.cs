namespace FanHub.Client;

/// <summary>The service refused a call.</summary>
/// <param name="code">One of <see cref="Contracts.ErrorCodes"/>.</param>
/// <param name="message">For people.</param>
public sealed class FanHubError(string code, string message) : Exception($"{code}: {message}")
{
    /// <summary>One of <see cref="Contracts.ErrorCodes"/>.</summary>
    public string Code => code;

    /// <summary>Reads the <c>code: text</c> of a failed hub call.</summary>
    public static FanHubError Parse(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? new FanHubError(message[..colon], message[(colon + 1)..].Trim()) : new FanHubError(Contracts.ErrorCodes.Internal, message);
    }
}
