using System.Text;
using BenchmarkDotNet.Attributes;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;

namespace FanHub.Benchmarks;

/// <summary>One log entry becomes what followers are sent: encoded once for each language that somebody asked for.</summary>
public class MakeFrames
{
    private string[] _locales = [];
    private LogEntry _entry = null!;

    /// <summary>How many languages the texts have, and are asked for.</summary>
    [Params(1, 2, 8, 24)]
    public int Languages { get; set; }

    /// <summary>Prepares the entry.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _locales = [.. Enumerable.Range(0, Languages).Select(i => $"{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}")];
        var texts = $"{{\"$t\":{{{string.Join(',', _locales.Select(l => $"\"{l}\":\"Who wins the final, in {l}?\""))}}}}}";
        var data = Encoding.UTF8.GetBytes($"{{\"id\":\"p1\",\"state\":\"open\",\"title\":{texts},\"options\":[{{\"id\":\"a\",\"label\":{texts}}},{{\"id\":\"b\",\"label\":{texts}}}],\"maxChoices\":1}}");
        var item = new Item { Key = "poll:p1", Kind = ItemKinds.Poll, Class = DeliveryClass.Logged, Version = 3, At = DateTimeOffset.UnixEpoch, Data = data, DefaultLocale = _locales[0] };
        _entry = new LogEntry("49c42eab77f8", 17, 19, item);
    }

    /// <summary>All languages of one entry.</summary>
    /// <returns>The bytes of all frames.</returns>
    [Benchmark]
    public int Encode()
    {
        var encoded = new EncodedEntry("athletics.mens-100m", _entry);
        var bytes = 0;
        foreach (var locale in _locales)
        {
            bytes += encoded.Frame(locale).Length;
        }

        return bytes;
    }
}
