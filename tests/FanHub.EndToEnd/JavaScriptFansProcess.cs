using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>Fans on the official JavaScript client, in a Node.js process (<c>scripts/fans.mjs</c>).</summary>
internal sealed class JavaScriptFansProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonElement> _lines = new();
    private readonly int _count;
    private ChildProcess? _process;

    private JavaScriptFansProcess(int count) => _count = count;

    public static async Task<JavaScriptFansProcess> StartAsync(int count, string channel, params Uri[] nodes)
    {
        var fans = new JavaScriptFansProcess(count);
        string[] arguments =
        [
            Repository.PathOf("tests", "FanHub.EndToEnd", "scripts", "fans.mjs"),
            Repository.PathOf("src", "web"),
            string.Join(',', nodes.Select(n => n.ToString().TrimEnd('/'))),
            count.ToString(CultureInfo.InvariantCulture),
            channel,
        ];
        fans._process = await ChildProcess.StartAsync("node", arguments, onLine: line =>
        {
            if (line.StartsWith('{'))
            {
                fans._lines.Enqueue(JsonSerializer.Deserialize<JsonElement>(line));
            }
        });
        return fans;
    }

    /// <summary>Waits until all of them follow.</summary>
    public Task AllReadyAsync() => Eventually.TrueAsync(() => _lines.Count(l => l.TryGetProperty("ready", out _)) == _count, $"all follow; the process says {_process!.Output}", TimeSpan.FromSeconds(60));

    /// <summary>What each has seen, once the process has ended by itself.</summary>
    public async Task<IReadOnlyList<JsonElement>> ResultsAsync()
    {
        (await _process!.WaitForExitAsync(TimeSpan.FromSeconds(120))).ShouldBe(0, _process.Output);
        return [.. _lines.Where(l => l.TryGetProperty("result", out _)).Select(l => l.GetProperty("result"))];
    }

    public ValueTask DisposeAsync() => _process!.DisposeAsync();
}
