using System.Net;

namespace FanHub.LoadTests.Running;

/// <summary>Load tests are for servers of this machine: aimed at any other, they would be an attack.</summary>
internal static class Loopback
{
    /// <summary>Reads an address.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="address">The address, ending in a slash.</param>
    /// <returns>Null, or why it is not taken.</returns>
    public static string? Read(string text, out Uri address)
    {
        address = new Uri("http://localhost/");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var given) || given.Scheme is not ("http" or "https"))
        {
            return $"'{text}' is not an address such as http://localhost:5080.";
        }

        // No other names: what they resolve to is not ours to say, and may change between this question and the connection.
        var loopback = IPAddress.TryParse(given.IdnHost, out var ip) ? IPAddress.IsLoopback(ip) : string.Equals(given.IdnHost, "localhost", StringComparison.OrdinalIgnoreCase);
        if (!loopback)
        {
            return $"'{text}' is not on this machine. Load tests only go to localhost, 127.0.0.0/8 or [::1].";
        }

        if (given.PathAndQuery is not "/" || given.UserInfo.Length > 0)
        {
            return $"'{text}' has more in it than scheme, host and port.";
        }

        address = given;
        return null;
    }
}
