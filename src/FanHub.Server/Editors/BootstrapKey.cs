using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Editors;

/// <summary>
/// The admin API key that always works: the configured one, or one made at first start and kept in the data directory, readable by the server's own user alone. Nodes on one
/// database accept the same one: the first to start makes it, prints it and keeps it; the database has its hash for the others.
/// </summary>
internal sealed class BootstrapKey(IConfiguration configuration, DataDirectory directory, EditorialDatabase database, IServiceScopeFactory scopes, TimeProvider time)
{
    private const string FileName = "admin.key";
    private const string Prefix = "fhk_";

    private byte[]? _hash;

    /// <summary>The key; null where another node has it. To be printed once, where <see cref="IsNew"/>; never to be logged otherwise.</summary>
    public string? Key { get; private set; }

    /// <summary>Whether it was made just now.</summary>
    public bool IsNew { get; private set; }

    /// <summary>The file that it is kept in; null where it is configured, or another node has it.</summary>
    public string? Path { get; private set; }

    /// <summary>Whether it is configured.</summary>
    public bool IsConfigured { get; private set; }

    /// <summary>Whether it is known yet: one that nodes share is not before the database answered.</summary>
    public bool IsKnown => Volatile.Read(ref _hash) is not null;

    /// <summary>Takes the configured key, or the one that is kept, or makes one. May be repeated where it failed.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (configuration["FanHub:BootstrapKey"]?.Trim() is { Length: > 0 } configured)
        {
            IsConfigured = true;
            Know(configured, path: null, isNew: false);
            return;
        }

        var path = directory.File(FileName);
        var kept = File.Exists(path) && await File.ReadAllTextAsync(path, cancellationToken) is var text && text.Trim() is { Length: > 0 } read ? read : null;
        var key = kept ?? Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        if (kept is null)
        {
            // Before the database has its hash: a key whose hash is there, and that nobody has, would lock everybody out.
            SecretFile.Write(path, Encoding.UTF8.GetBytes(key + "\n"));
        }

        if (!database.IsShared)
        {
            Know(key, path, isNew: kept is null);
            return;
        }

        var shared = await ShareAsync(Hash(key), cancellationToken);
        if (CryptographicOperations.FixedTimeEquals(shared, Hash(key)))
        {
            Know(key, path, isNew: kept is null);
            return;
        }

        // Another node's key stands. One that was kept here from another time is left alone.
        if (kept is null)
        {
            File.Delete(path);
        }

        Volatile.Write(ref _hash, shared);
    }

    /// <summary>Whether this is the key. Takes the same time whatever is wrong with it.</summary>
    /// <exception cref="FanHubException"><c>unavailable</c>: it is not known yet.</exception>
    public bool Matches(string presented) => Volatile.Read(ref _hash) is { } hash
        ? CryptographicOperations.FixedTimeEquals(hash, Hash(presented))
        : throw new FanHubException(ErrorCodes.Unavailable, "The database does not answer yet, and keys cannot be checked without it.", TimeSpan.FromSeconds(1));

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private void Know(string key, string? path, bool isNew)
    {
        Key = key;
        Path = path;
        IsNew = isNew;
        Volatile.Write(ref _hash, Hash(key));
    }

    /// <returns>The hash that stands in the database: this one, or the one of whoever was first.</returns>
    private async Task<byte[]> ShareAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        if (!await db.BootstrapKeys.AnyAsync(cancellationToken))
        {
            try
            {
                db.BootstrapKeys.Add(new SharedBootstrapKey { Hash = Convert.ToHexStringLower(hash), CreatedAt = time.NowMs() });
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException failure) when (DatabaseFailures.IsDuplicate(failure))
            {
                // Another node was first.
                db.ChangeTracker.Clear();
            }
        }

        return Convert.FromHexString((await db.BootstrapKeys.AsNoTracking().SingleAsync(cancellationToken)).Hash);
    }
}

/// <summary>Finds out the bootstrap key: before the server listens, or, where the database is away, as soon as it answers.</summary>
internal sealed partial class BootstrapKeyLoader(BootstrapKey key, DatabaseStartup database, TimeProvider time, ILogger<BootstrapKeyLoader> logger) : BackgroundService
{
    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (database.Ready.IsCompletedSuccessfully)
        {
            try
            {
                await key.LoadAsync(cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && (failure is TimeoutException || DatabaseFailures.IsAway(failure)))
            {
                LogAway(failure);
            }
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));
        try
        {
            while (!key.IsKnown)
            {
                await database.Ready.WaitAsync(stoppingToken);
                try
                {
                    await key.LoadAsync(stoppingToken);
                    if (key is { IsNew: true, Path: { } path })
                    {
                        LogMade(path);
                    }
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    LogAway(failure);
                    await Task.Delay(backoff.Next(), time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The admin key could not be looked up in the database; trying again")]
    private partial void LogAway(Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "An admin key was made; it is kept in {Path}")]
    private partial void LogMade(string path);
}
