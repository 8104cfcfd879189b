using FanHub.Server.Results.Feed;
using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Desk;

/// <summary>
/// Holds what is known of every document, and derives from it everything that fans see. In memory, for one thread, without clocks: the same documents give
/// the same items, in whichever order they came.
/// </summary>
internal sealed class ResultDesk(DeskSettings settings)
{
    /// <summary>Takes in a feed message.</summary>
    /// <param name="message">Its number.</param>
    /// <param name="odf">What it says.</param>
    public Applied Apply(long message, OdfMessage odf) => throw new NotSupportedException(settings.Prefix);

    /// <summary>Takes in an editor's result.</summary>
    /// <param name="message">Its number.</param>
    /// <param name="result">What it says.</param>
    /// <param name="version">Its version: one more than <see cref="EditorsVersion"/>.</param>
    public Applied Apply(long message, EditorsResult result, long version) => throw new NotSupportedException();

    /// <summary>Takes an editor's result away, as an invalidation does.</summary>
    /// <param name="message">The message's number.</param>
    /// <param name="unit">The unit's code.</param>
    /// <param name="version">The version that is not to be shown, or one more.</param>
    public Applied Withdraw(long message, string unit, long version) => throw new NotSupportedException();

    /// <summary>Puts back what was held of a document when the program ended. Documents may come in any order.</summary>
    /// <param name="held">What was saved.</param>
    /// <param name="content">The message that holds it; null where there is none.</param>
    public void Restore(HeldDocument held, OdfMessage? content) => throw new NotSupportedException();

    /// <summary>Puts back what was held of an editors' result.</summary>
    public void Restore(HeldDocument held, EditorsResult? content) => throw new NotSupportedException();

    /// <summary>The version of the unit's editors' result, also where that was taken away since; null where there never was one.</summary>
    public long? EditorsVersion(string unit) => throw new NotSupportedException();

    /// <summary>Whether an editors' result of the unit is shown.</summary>
    public bool HasEditorsResult(string unit) => throw new NotSupportedException();

    /// <summary>The keys of all items that anything is known about. Whatever else was published is to be taken away.</summary>
    public IReadOnlyCollection<string> Keys => throw new NotSupportedException();

    /// <summary>In what the source's own medal table differs from ours, for people; empty where it does not, or none came.</summary>
    public IReadOnlyList<string> MedalDifferences => throw new NotSupportedException();

    /// <summary>What fans are to see of an item now; null where it is not to be shown.</summary>
    /// <param name="key">The item's key.</param>
    /// <param name="previousData">The data that was published last; null where none was, or where it was taken away.</param>
    public Composed? Compose(string key, string? previousData) => throw new NotSupportedException();

    /// <summary>What a channel that does not exist yet is called, with the default locale among the languages.</summary>
    public IReadOnlyDictionary<string, string> ChannelTitle(string channel) => throw new NotSupportedException();
}
