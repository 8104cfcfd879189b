using FanHub.Server.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Hosting;

/// <summary>Tells operators what is wrong with the configuration, in place of a stack trace.</summary>
internal static class StartupMistakes
{
    private const int Misconfigured = 2;
    private const int Broken = 1;

    /// <summary>Runs the program.</summary>
    /// <returns>The exit code: 0 when it was asked to stop, 1 when a part of it broke, 2 when it cannot run as configured.</returns>
    public static async Task<int> ExplainAsync(Func<Task<IReadOnlyList<BackgroundService>>> program)
    {
        try
        {
            // A part that breaks stops the host in an orderly way; who started it is to know that it was not asked to.
            return (await program()).Any(s => s.ExecuteTask is { IsFaulted: true }) ? Broken : 0;
        }
        catch (Exception e) when (Explain(e) is { } text)
        {
            await Console.Error.WriteLineAsync($"FanHub cannot start. {text}");
            return Misconfigured;
        }
    }

    private static string? Explain(Exception exception) => exception switch
    {
        OptionsValidationException options => $"The configuration breaks a rule: {string.Join(" ", options.Failures.Distinct(StringComparer.Ordinal))}",
        NodeConfigurationException or DataDirectoryInUseException => exception.Message,
        FormatException format => $"The configuration cannot be read: {format.Message}",
        // The framework's binder; its message names the key and the value.
        InvalidOperationException unreadable when unreadable.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) => unreadable.Message,
        IOException { InnerException: AddressInUseException } => $"{exception.Message} Stop what listens there, or set Urls to another address.",
        AggregateException { InnerExceptions.Count: 1 } one => Explain(one.InnerExceptions[0]),
        _ => null,
    };
}
