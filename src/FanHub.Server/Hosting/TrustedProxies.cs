using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace FanHub.Server.Hosting;

/// <summary>
/// Believes what balancers say of the client's address and scheme (<c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c>), if they are named in <c>FanHub:TrustedProxies</c>: addresses and networks
/// (<c>10.0.0.5</c>, <c>10.0.0.0/8</c>), separated by commas or as a list. By default nobody is, and the headers are ignored: anybody can send them.
/// </summary>
internal static class TrustedProxies
{
    /// <summary>The setting.</summary>
    public const string Setting = "FanHub:TrustedProxies";

    /// <summary>Reads the setting.</summary>
    /// <exception cref="NodeConfigurationException">An entry is neither an address nor a network.</exception>
    public static void AddTrustedProxies(this WebApplicationBuilder builder)
    {
        var networks = Read(builder.Configuration);
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = networks.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // The framework trusts this machine unasked.
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in networks)
            {
                options.KnownIPNetworks.Add(network);
            }

            // Through as many as are trusted: from the nearest on, up to the first that is not.
            options.ForwardLimit = null;
        });
    }

    /// <summary>Puts the client's address in the place of its trusted balancers'. Before whatever looks at addresses and schemes.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app) => app.UseForwardedHeaders();

    private static List<IPNetwork> Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Setting);
        var entries = section.GetChildren().Select(c => c.Value).Append(section.Value).SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return [.. entries.Select(Parse)];
    }

    private static IPNetwork Parse(string entry) =>
        IPNetwork.TryParse(entry, out var network) ? network
        : IPAddress.TryParse(entry, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new NodeConfigurationException($"{Setting} has \"{entry}\", which is neither an address (10.0.0.5) nor a network (10.0.0.0/8).");
}
