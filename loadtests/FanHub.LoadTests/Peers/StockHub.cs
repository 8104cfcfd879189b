using System.Globalization;
using FanHub.LoadTests.Fans;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FanHub.LoadTests.Peers;

/// <summary>A SignalR hub as it comes, with groups: what FanHub would be without its own fan-out. No backplane.</summary>
internal sealed class StockHub : IPeer
{
    /// <summary>The command that this program is started with as such a server.</summary>
    public const string Command = "stock-hub";

    private const string HubPath = "/hub";
    private const string Method = "updates";

    private readonly PeerProcess _process;

    private StockHub(PeerProcess process) => _process = process;

    /// <inheritdoc/>
    public string Name => "stock SignalR";

    /// <inheritdoc/>
    public IReadOnlyList<int> Pids => _process.Pids;

    /// <summary>Starts it.</summary>
    public static async Task<IPeer> StartAsync() =>
        new StockHub(await PeerProcess.StartAsync(OwnProgram.Path, port => [.. OwnProgram.Arguments, Command, port.ToString(CultureInfo.InvariantCulture)]));

    /// <summary>What such a process does.</summary>
    public static async Task<int> ServeAsync(int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port));
        builder.Services.AddSignalR();
        await using var app = builder.Build();
        app.MapHub<Hub>(HubPath);
        app.MapPost("/pub/{topic}", async (string topic, HttpRequest request, IHubContext<Hub> hub) =>
        {
            using var reader = new StreamReader(request.Body);
            await hub.Clients.Group(topic).SendAsync(Method, await reader.ReadToEndAsync());
        });
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCodes.Passed;
    }

    /// <inheritdoc/>
    public Conversation Join(int number, string topic, Action<ReadOnlySpan<byte>, long> heard) => new Listener(number, _process.Port, topic, heard);

    /// <inheritdoc/>
    public int TextLength(int payload) => payload - """{"type":1,"target":"updates","arguments":[""]}.""".Length;

    /// <inheritdoc/>
    public Task PublishAsync(string topic, string text, CancellationToken cancellationToken) => _process.PostAsync($"/pub/{topic}", text, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private sealed class Hub : Microsoft.AspNetCore.SignalR.Hub
    {
        public Task Follow(string topic) => Groups.AddToGroupAsync(Context.ConnectionId, topic);
    }

    private sealed class Listener(int number, int port, string topic, Action<ReadOnlySpan<byte>, long> heard) : SignalRConversation(number, port)
    {
        public override string Path => HubPath;

        protected override void Shaken() => Call("1", nameof(Hub.Follow), topic);

        protected override void Called(ReadOnlySpan<byte> record, long arrivedAt) => heard(record, arrivedAt);

        protected override void Answered(ReadOnlySpan<byte> record, long arrivedAt)
        {
            if (SignalRJson.ReadReply(record, arrivedAt).Reply.Error is { } error)
            {
                throw new InvalidDataException(error);
            }

            SayArrived();
        }
    }
}
