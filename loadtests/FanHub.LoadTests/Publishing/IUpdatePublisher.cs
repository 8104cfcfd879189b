using FanHub.LoadTests.Followers;

namespace FanHub.LoadTests.Publishing;

/// <summary>Puts updates of a given size into channels.</summary>
internal interface IUpdatePublisher
{
    /// <summary>How the updates come into the log, for people to read.</summary>
    string Way { get; }

    /// <summary>Makes a channel that nobody else has.</summary>
    /// <param name="scenario">What for.</param>
    /// <param name="updates">How many updates will be published at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<PublishedLog> OpenAsync(string scenario, int updates, CancellationToken cancellationToken);

    /// <summary>Publishes the next update. To be called for one update of a channel after the other; need not be awaited in between.</summary>
    Task PublishAsync(PublishedLog log, CancellationToken cancellationToken);
}
