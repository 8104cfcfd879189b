namespace FanHub.Server.Demo;

/// <summary>What <c>--demo</c> adds.</summary>
internal static class DemoServices
{
    /// <summary>Adds the polls and the results.</summary>
    /// <exception cref="Hosting.NodeConfigurationException">This node cannot play it.</exception>
    public static void AddDemo(this WebApplicationBuilder builder, Hosting.Node node)
    {
        if (node is not { ServesFans: true, ServesEditors: true })
        {
            throw new Hosting.NodeConfigurationException("The demo needs a node with both roles: leave out --demo, or set FanHub:Roles to fan,editor.");
        }

        builder.Services.AddHostedService<DemoShow>();
        builder.Services.AddHostedService<DemoFeed>();
    }
}
