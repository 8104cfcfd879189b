using FanHub.Server.Results.Odf;

namespace FanHub.Server.Results.Feed;

/// <summary>A stored message, read, or why it cannot be.</summary>
/// <param name="Message">The message.</param>
/// <param name="Odf">What it says, where it came from a feed.</param>
/// <param name="Editors">What it says, where it came from an editor.</param>
/// <param name="Failure">Why it cannot be read.</param>
internal sealed record ReadMessage(FeedMessage Message, OdfMessage? Odf, EditorsMessage? Editors, Exception? Failure);

/// <summary>Reads stored messages, several at the same time.</summary>
/// <param name="settings">How the feed's times and texts are meant.</param>
internal sealed class FeedReading(OdfReading settings)
{
    private static readonly int Readers = Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Reads them; the answers are in the order of the messages.</summary>
    public async Task<IReadOnlyList<ReadMessage>> ReadAllAsync(IReadOnlyList<FeedMessage> messages, CancellationToken cancellationToken)
    {
        var read = new ReadMessage[messages.Count];
        if (messages.Count <= 1)
        {
            return [.. messages.Select(Read)];
        }

        await Parallel.ForAsync(0, messages.Count, new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = cancellationToken }, (i, _) =>
        {
            read[i] = Read(messages[i]);
            return ValueTask.CompletedTask;
        });
        return read;
    }

    private ReadMessage Read(FeedMessage message)
    {
        try
        {
            var content = PackedContent.Unpack(message);
            return string.Equals(message.Feed, FeedNames.Editors, StringComparison.Ordinal)
                ? new ReadMessage(message, Odf: null, EditorsMessage.Read(content), Failure: null)
                : new ReadMessage(message, OdfReader.Read(content, settings), Editors: null, Failure: null);
        }
        catch (Exception failure)
        {
            // Whatever it is, it is about this message, and says so beside it.
            return new ReadMessage(message, Odf: null, Editors: null, failure);
        }
    }
}
