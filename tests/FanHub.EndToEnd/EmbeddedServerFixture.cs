using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>One embedded server for the tests of a class.</summary>
public sealed class EmbeddedServerFixture : IAsyncLifetime
{
    public FanHubProcess Server { get; private set; } = null!;

    public EditorClient Editor { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await FanHubProcess.StartNewAsync();
        Editor = new EditorClient(Server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        Editor.Dispose();
        await Server.DisposeAsync();
    }
}
