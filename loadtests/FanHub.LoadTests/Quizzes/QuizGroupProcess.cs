using System.Diagnostics;
using System.Text.Json;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Quizzes;

/// <summary>
/// A <see cref="QuizGroup"/> in a process of its own: a process may have only so many open files, and every connection is one. Orders go in line by line, and messages come back.
/// It ends with this process, whatever happens.
/// </summary>
internal sealed class QuizGroupProcess : IAsyncDisposable
{
    /// <summary>The command that such a process is started with.</summary>
    public const string Command = "quiz-fans";

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

    private readonly Process _process;

    private QuizGroupProcess(Process process) => _process = process;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    public static async Task<QuizGroupProcess> StartAsync(QuizGroupSettings settings)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        start.ArgumentList.Add(Command);
        var group = new QuizGroupProcess(Process.Start(start) ?? throw new LoadTestException("This program could not be started once more."));
        await group.WriteAsync(settings);
        return group;
    }

    /// <summary>Asks for something.</summary>
    /// <param name="order">What.</param>
    /// <param name="arrived">Called for each fan who has connected.</param>
    /// <param name="cancellationToken">Gives up; it is of no use then.</param>
    /// <exception cref="LoadTestException">It could not.</exception>
    public async Task<QuizMessage> AskAsync(QuizOrder order, Action arrived, CancellationToken cancellationToken)
    {
        await WriteAsync(order);
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            var message = JsonSerializer.Deserialize<QuizMessage>(line, Json)!;
            if (message.Failure is { } failure)
            {
                throw new LoadTestException(failure);
            }

            if (message.Arrived == 0)
            {
                return message;
            }

            for (var i = 0; i < message.Arrived; i++)
            {
                arrived();
            }
        }

        throw new LoadTestException("A process that plays fans has ended.");
    }

    /// <summary>What such a process does.</summary>
    public static async Task<int> RunAsync(TextReader orders, TextWriter messages, CancellationToken cancellationToken)
    {
        var written = new Lock();
        if (await orders.ReadLineAsync(cancellationToken) is not { } first)
        {
            return ExitCodes.CouldNotRun;
        }

        await using var group = new QuizGroup(JsonSerializer.Deserialize<QuizGroupSettings>(first, Json)!);
        while (await orders.ReadLineAsync(cancellationToken) is { } line)
        {
            try
            {
                Write(await group.DoAsync(JsonSerializer.Deserialize<QuizOrder>(line, Json)!, () => Write(new QuizMessage { Arrived = 1 }), cancellationToken));
            }
            catch (LoadTestException e)
            {
                Write(new QuizMessage { Failure = e.Message });
            }
        }

        return ExitCodes.Passed;

        void Write(QuizMessage message)
        {
            lock (written)
            {
                messages.WriteLine(JsonSerializer.Serialize(message, Json));
                messages.Flush();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task WriteAsync<T>(T line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(line, Json));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException e)
        {
            throw new LoadTestException("A process that plays fans has ended.", e);
        }
    }
}
