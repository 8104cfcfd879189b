using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using FanHub.LoadTests.Running;
using FanHub.LoadTests.Sockets;
using FanHub.Testing;

namespace FanHub.LoadTests.Peers;

/// <summary>The least that a fan-out can cost: <c>peers/floor.c</c>, compiled when it is needed.</summary>
internal sealed class Floor : IPeer
{
    private static readonly string Source = Repository.PathOf("loadtests", "peers", "floor.c");

    private readonly DirectoryInfo _folder;
    private readonly PeerProcess _process;

    private Floor(DirectoryInfo folder, PeerProcess process)
    {
        _folder = folder;
        _process = process;
    }

    /// <inheritdoc/>
    public string Name => "floor";

    /// <inheritdoc/>
    public IReadOnlyList<int> Pids => _process.Pids;

    /// <summary>Compiles and starts it.</summary>
    /// <exception cref="PeerMissingException">There is no C compiler.</exception>
    public static async Task<IPeer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("fanhub-floor-");
        var program = Path.Combine(folder.FullName, "floor");
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo("gcc", ["-O2", "-o", program, Source]) { UseShellExecute = false, RedirectStandardError = true });
            var said = await compiler!.StandardError.ReadToEndAsync();
            await compiler.WaitForExitAsync();
            if (compiler.ExitCode != 0)
            {
                throw new LoadTestException($"gcc could not compile {Source}: {said}");
            }
        }
        catch (Win32Exception e)
        {
            folder.Delete(recursive: true);
            throw new PeerMissingException("The floor is left out: there is no gcc (Debian: gcc, libc6-dev).", e);
        }

        return new Floor(folder, await PeerProcess.StartAsync(program, port => [port.ToString(CultureInfo.InvariantCulture)]));
    }

    /// <inheritdoc/>
    public Conversation Join(int number, string topic, Action<ReadOnlySpan<byte>, long> heard) => new RawListener(number, _process.Port, "/", heard);

    /// <inheritdoc/>
    public int TextLength(int payload) => payload;

    /// <inheritdoc/>
    public Task PublishAsync(string topic, string text, CancellationToken cancellationToken) => _process.PostAsync("/", text, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

/// <summary>A peer cannot be started on this machine; the message says what is missing.</summary>
internal sealed class PeerMissingException(string message, Exception? cause = null) : Exception(message, cause);
