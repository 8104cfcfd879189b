using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using FanHub.LoadTests.Running;
using FanHub.Testing;

namespace FanHub.LoadTests.Peers;

/// <summary>The least that a fan-out can cost: <c>peers/floor.c</c>, compiled when it is needed.</summary>
internal static class Floor
{
    private static readonly string Source = Repository.PathOf("loadtests", "peers", "floor.c");

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

        return new RawPeer("floor", folder, await PeerProcess.StartAsync(program, port => [port.ToString(CultureInfo.InvariantCulture)]), listenAt: _ => "/", publishAt: _ => "/");
    }
}

/// <summary>A peer cannot be started on this machine; the message says what is missing.</summary>
internal sealed class PeerMissingException(string message, Exception? cause = null) : Exception(message, cause);
