using FanHub.Server.Results.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server.Results.Feed;

/// <summary>Tests of what happens to messages before anybody looks at what they say: nobody does.</summary>
public abstract class FeedTests(Func<Task<string?>> newDatabase) : EditorialTests(newDatabase)
{
    private protected async Task<EditorialHost> StartAsync(
        Place? place = null, TimeProvider? time = null, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null) =>
        await StartAsync(place, log: null, box: null, time, settings, collection =>
        {
            collection.Remove(collection.Single(s => s.ImplementationType == typeof(FeedWorker)));
            services?.Invoke(collection);
        });
}
