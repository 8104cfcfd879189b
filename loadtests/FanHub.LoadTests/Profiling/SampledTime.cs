using System.Globalization;
using System.Text.RegularExpressions;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Profiling;

/// <summary>Where the time of a process went, by samples that <c>perf script -F ip,sym,dso</c> writes: a stack each, the innermost frame first, and an empty line behind it.</summary>
internal sealed partial class SampledTime
{
    private const int MostMethods = 30;
    // Seen from so many samples on, it is more than chance.
    private const double LeastShare = 0.005;

    private readonly List<string> _stack = [];
    private readonly Dictionary<string, int> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _methods = new(StringComparer.Ordinal);
    private int _samples;

    /// <summary>How many samples there were.</summary>
    public int Samples => _samples;

    /// <summary>Takes a line.</summary>
    public void Read(string line)
    {
        if (line.Length > 0)
        {
            _stack.Add(line);
        }
        else
        {
            End();
        }
    }

    /// <summary>To be called behind the last line.</summary>
    public void End()
    {
        if (_stack.Count == 0)
        {
            return;
        }

        _samples++;
        Count(_kinds, KindOf(_stack));
        foreach (var method in _stack.Select(MethodIn).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            Count(_methods, method);
        }

        _stack.Clear();
    }

    /// <summary>The tables: by kind, each sample once; and by method, each with all that it calls.</summary>
    public IReadOnlyList<ResultTable> Tables() =>
    [
        new("Where the time of one node went", ["", "%"], Rows(_kinds, int.MaxValue)),
        new("The same by method, each with what it calls as far as that is known", ["method", "%"], Rows(_methods, MostMethods)),
    ];

    /// <summary>What a sample was doing.</summary>
    internal static string KindOf(IReadOnlyList<string> stack)
    {
        if (stack[0].EndsWith("([kernel.kallsyms])", StringComparison.Ordinal))
        {
            // The outermost frame of the kernel says what was asked of it.
            var call = stack.LastOrDefault(f => SystemCall().IsMatch(f));
            return call is null ? "kernel: interrupts and faults" : $"kernel: {SystemCall().Match(call).Groups["call"].Value}";
        }

        return stack[0] switch
        {
            var f when f.Contains("libclrjit", StringComparison.Ordinal) => "compiling",
            var f when f.Contains("libcoreclr", StringComparison.Ordinal) || f.Contains("libclrgc", StringComparison.Ordinal) => "the runtime, garbage collection most of it",
            var f when Managed().IsMatch(f) => "compiled code",
            _ => "libraries and the rest",
        };
    }

    /// <summary>The method of a frame, as <c>Type::Method</c>; null where it is none of the server's, or of what it is built on.</summary>
    internal static string? MethodIn(string frame)
    {
        var managed = Managed().Match(frame);
        if (!managed.Success || !Interesting().IsMatch(managed.Groups["assembly"].Value))
        {
            return null;
        }

        var name = TypeArguments().Replace(managed.Groups["name"].Value, "");
        var type = name[..name.IndexOf("::", StringComparison.Ordinal)];
        // Namespaces say what the assembly says.
        return type[(type.LastIndexOf('.') + 1)..] + name[type.Length..];
    }

    private static void Count(Dictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    private List<IReadOnlyList<string>> Rows(Dictionary<string, int> counts, int most) =>
        [.. counts.OrderByDescending(c => c.Value).Take(most).Where(c => c.Value >= _samples * LeastShare).Select(c => (IReadOnlyList<string>)[c.Key, (100.0 * c.Value / _samples).ToString("0.0", CultureInfo.InvariantCulture)])];

    [GeneratedRegex(@" (?:__x64_sys_|__arm64_sys_|__se_sys_)(?<call>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SystemCall();

    // As in: instance void [FanHub.Realtime] FanHub.Realtime.Channels.LiveChannel::Receive(class ...)[OptimizedTier1] (/tmp/perf-1.map)
    [GeneratedRegex(@"\[(?<assembly>[A-Za-z][\w.]*)\] (?<name>[^\s(]+::[^\s(\[]+)[^(]*\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Managed();

    [GeneratedRegex(@"\[(?:[^\[\]]|\[[^\[\]]*\])*\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeArguments();

    [GeneratedRegex(@"^(FanHub|Microsoft\.AspNetCore|StackExchange|System\.Text\.Json|System\.IO\.Pipelines|System\.Net)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Interesting();
}
