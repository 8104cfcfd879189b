using FanHub.Realtime.Channels;

namespace FanHub.Server.Results.Desk;

/// <summary>The channels that results are on. Every channel's name is made here.</summary>
/// <param name="prefix">What is put before the name of every channel.</param>
internal sealed class DeskChannels(string prefix)
{
    private const int MaxCodeLength = 60;
    private const int MaxLength = 100;

    /// <summary>The channel of the medal table and of all medals.</summary>
    public string Medals { get; } = Bounded(prefix + "medals");

    /// <summary>The channel of the schedule.</summary>
    public string Schedule { get; } = Bounded(prefix + "schedule");

    /// <summary>A unit's channel.</summary>
    public string Unit(string code) => Bounded(prefix + "unit." + Safe(code));

    /// <summary>A discipline's channel.</summary>
    public string Sport(string discipline) => Bounded(prefix + "sport." + Safe(discipline));

    /// <summary>A country's or club's channel.</summary>
    public string Organisation(string organisation) => Bounded(prefix + "noc." + Safe(organisation));

    /// <summary>The name without what is put before every one.</summary>
    public string Bare(string channel) => channel.StartsWith(prefix, StringComparison.Ordinal) ? channel[prefix.Length..] : channel;

    /// <summary>Codes come in capitals, and from odd feeds with odd characters: a name takes only some (<see cref="ChannelName"/>).</summary>
    private static string Safe(string code) => string.Create(Math.Min(code.Length, MaxCodeLength), code, (name, from) =>
    {
        for (var i = 0; i < name.Length; i++)
        {
            var letter = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
            name[i] = char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '_' or '-' ? letter : '_';
        }
    });

    private static string Bounded(string name) => name.Length <= MaxLength ? name : name[..MaxLength];
}
