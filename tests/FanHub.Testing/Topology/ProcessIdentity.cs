using System.Globalization;

namespace FanHub.Testing.Topology;

/// <summary>A process that cannot be mistaken for another one which got its number later.</summary>
/// <param name="Id">The process id.</param>
/// <param name="Started">When it started, in the kernel's ticks since it booted.</param>
/// <param name="Boot">Which run of the kernel that was.</param>
internal sealed record ProcessIdentity(int Id, long Started, string Boot)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Whether it still runs. A process that has ended and was not taken note of yet by its parent does not.</summary>
    public bool IsAlive => Of(Id) == this;

    /// <summary>The process with that number, if there is one.</summary>
    public static ProcessIdentity? Of(int id) => Stat(id) is { } stat ? From(id, stat, ReadOrEmpty(BootFile)) : null;

    /// <summary>Reads what <see cref="Script"/> has left.</summary>
    /// <returns>Null where there is nothing, or not all of it.</returns>
    public static ProcessIdentity? Read(string file)
    {
        var lines = ReadOrEmpty(file).Split('\n');
        return lines.Length > 1 && int.TryParse(lines[1].Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? From(id, lines[1], lines[0]) : null;
    }

    /// <summary>A command for the shell that leaves the shell's own identity in the file, before it becomes the program: nothing runs that was not written down.</summary>
    public static string Script(string file) => $"cat {BootFile} /proc/$$/stat > {file}.new && mv {file}.new {file} || exit";

    /// <summary>Whether the process with that number has ended, and its parent has not taken note of it yet.</summary>
    public static bool HasEndedUnnoticed(int id) => Stat(id) is { } stat && Fields(stat) is ["Z", ..];

    /// <summary>The processes that this one started itself and that still run.</summary>
    public IReadOnlyList<int> Children() =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let id = int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
           where id > 0 && Stat(id) is { } stat && Fields(stat) is [not "Z", var parent, ..] && string.Equals(parent, Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
           select id,
    ];

    private static ProcessIdentity? From(int id, string stat, string boot) =>
        Fields(stat) is { Length: > 19 } fields && fields[0] is not ("Z" or "X") && long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var started)
            ? new ProcessIdentity(id, started, boot.Trim())
            : null;

    // Begins behind the program's name, which is in brackets and may have anything in it: state, parent, …
    private static string[] Fields(string stat) => stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string? Stat(int id) => ReadOrEmpty($"/proc/{id}/stat") is { Length: > 0 } stat ? stat : null;

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile (ESRCH), or never there.
            return "";
        }
    }
}
