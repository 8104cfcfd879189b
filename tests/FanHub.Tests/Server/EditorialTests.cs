using FanHub.Realtime.Channels;
using FanHub.Server.Ballots;
using Microsoft.Extensions.DependencyInjection;

namespace FanHub.Tests.Server;

/// <summary>What outlives an <see cref="EditorialHost"/>: the folder with its files, and its database where that is not one of them.</summary>
internal sealed record Place(string Directory, string? Postgres);

/// <summary>Tests of the editorial side. They hold on SQLite and on PostgreSQL: each class of tests has a class for either.</summary>
/// <param name="newDatabase">Makes an empty PostgreSQL database; gives null where SQLite is to be used.</param>
public abstract class EditorialTests(Func<Task<string?>> newDatabase)
{
    /// <summary>SQLite, in the data directory.</summary>
    public static Task<string?> Sqlite() => Task.FromResult<string?>(null);

    /// <summary>A place for a host and its successors.</summary>
    private protected async Task<Place> NewPlaceAsync() => new(EditorialHost.NewDirectory(), await newDatabase());

    /// <inheritdoc cref="EditorialHost.StartAsync"/>
    private protected async Task<EditorialHost> StartAsync(
        Place? place = null,
        IChannelLog? log = null,
        Func<IBallotBox, IBallotBox>? box = null,
        TimeProvider? time = null,
        Dictionary<string, string?>? settings = null,
        Action<IServiceCollection>? services = null) =>
        await EditorialHost.StartAsync(place ?? await NewPlaceAsync(), log, box, time, settings, services);
}
