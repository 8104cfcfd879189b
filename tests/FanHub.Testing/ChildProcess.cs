using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FanHub.Testing;

/// <summary>A program that a test runs beside itself, and that does not outlive the test run, not even one that crashes.</summary>
public sealed class ChildProcess : Topology.IServiceProcess, IAsyncDisposable
{
    private const int KeptOutput = 64 * 1024;
    private const string ParentDeathWrapper = "/usr/bin/setpriv";
    private const int SignalKill = 9;
    private const int SignalTerminate = 15;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;

    private static readonly BlockingCollection<Action> Starts = CreateStarter();

    private readonly Process _process;
    private readonly Action<string>? _onLine;
    private readonly StringBuilder _output = new();

    private ChildProcess(Process process, Action<string>? onLine)
    {
        _process = process;
        _onLine = onLine;
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
    }

    /// <summary>The process id.</summary>
    public int Id { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote, or the last of it.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="program">A file, or a name to be found in the path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to add; null removes one.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="onLine">Called for every line it writes, from the first, on a thread of the pool.</param>
    public static async Task<ChildProcess> StartAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null, Action<string>? onLine = null)
    {
        var info = new ProcessStartInfo
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? "",
        };

        // The kernel ends the child when the thread that started it ends; the wrapper becomes the program, so that the process id is the program's.
        if (File.Exists(ParentDeathWrapper))
        {
            info.FileName = ParentDeathWrapper;
            info.ArgumentList.Add("--pdeathsig");
            info.ArgumentList.Add("KILL");
            info.ArgumentList.Add(program);
        }
        else
        {
            info.FileName = program;
        }

        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        // Of a .NET program: who is killed cannot take the pipes away that debuggers would find it by.
        info.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            info.Environment[name] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = info }, onLine);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                child._process.Start();
                child.Id = child._process.Id;
                started.SetResult();
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException)
            {
                started.SetException(e);
            }
        });
        await started.Task;
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Ends it without warning (SIGKILL), as a power cut would, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Signal(SignalKill);
        await WaitForExitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Asks it to end (SIGTERM).</summary>
    public void Terminate() => Signal(SignalTerminate);

    /// <summary>Freezes it (SIGSTOP): its sockets stay open, and nothing answers.</summary>
    public void Pause() => Signal(SignalStop);

    /// <summary>Lets it go on after <see cref="Pause"/>.</summary>
    public void Resume() => Signal(SignalContinue);

    /// <summary>The processes that it started itself and that still run.</summary>
    public IReadOnlyList<int> Children() =>
        [.. Directory.EnumerateDirectories("/proc").Select(p => int.TryParse(Path.GetFileName(p), CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0 && ParentOf(id) == Id)];

    /// <summary>Ends one of its children (SIGKILL).</summary>
    internal static void KillChild(int child) => _ = SendSignal(child, SignalKill);

    /// <summary>Freezes one of its children (SIGSTOP).</summary>
    internal static void PauseChild(int child) => _ = SendSignal(child, SignalStop);

    /// <summary>Lets one of its children go on.</summary>
    internal static void ResumeChild(int child) => _ = SendSignal(child, SignalContinue);

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It still runs.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        await _process.WaitForExitAsync().WaitAsync(limit);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    // The thread whose end would end the children must not be one of the pool, which come and go.
    private static BlockingCollection<Action> CreateStarter()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "child processes" }.Start();
        return starts;
    }

    private static int ParentOf(int process)
    {
        try
        {
            // "id (name) state parent …", and the name may have anything in it.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended.
            return 0;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);

    private void Signal(int signal)
    {
        // Once its end has been seen, the number may belong to another process.
        if (!_process.HasExited)
        {
            _ = SendSignal(Id, signal);
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
            if (_output.Length > KeptOutput)
            {
                _output.Remove(0, _output.Length - KeptOutput);
            }
        }

        _onLine?.Invoke(line);
    }
}
