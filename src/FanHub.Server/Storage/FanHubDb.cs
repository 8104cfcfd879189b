using FanHub.Contracts;
using FanHub.Server.Announcements;
using FanHub.Server.Channels;
using FanHub.Server.Cheers;
using FanHub.Server.Editors;
using FanHub.Server.Hosting;
using FanHub.Server.Polls;
using FanHub.Server.Predictions;
using FanHub.Server.Questions;
using FanHub.Server.Quizzes;
using FanHub.Server.Results;
using FanHub.Server.Results.Board;
using FanHub.Server.Results.Feed;
using FanHub.Server.Results.Rehearsals;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Storage;

/// <summary>
/// What editors made: the truth that live state is rebuilt from. The same tables on SQLite and PostgreSQL: moments are Unix milliseconds, maps and lists are JSON text,
/// and <c>version</c> columns guard against lost updates.
/// </summary>
internal sealed class FanHubDb : DbContext
{
    private readonly List<Action> _afterCommit = [];
    private bool _holdChanges;

    /// <summary>Creates it.</summary>
    public FanHubDb(DbContextOptions<FanHubDb> options)
        : base(options)
    {
        // Nobody goes on with a transaction in which a save failed.
        Database.AutoSavepointsEnabled = false;
    }

    /// <summary>The channels that fans can follow.</summary>
    public DbSet<Channel> Channels => Set<Channel>();

    /// <summary>The polls, in all states.</summary>
    public DbSet<Poll> Polls => Set<Poll>();

    /// <summary>The predictions, in all states.</summary>
    public DbSet<Prediction> Predictions => Set<Prediction>();

    /// <summary>The quizzes, in all states.</summary>
    public DbSet<Quiz> Quizzes => Set<Quiz>();

    /// <summary>The announcements, in all states.</summary>
    public DbSet<Announcement> Announcements => Set<Announcement>();

    /// <summary>How fans may cheer in each channel.</summary>
    public DbSet<Reactions> Reactions => Set<Reactions>();

    /// <summary>What remains to be done on the live side.</summary>
    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    /// <summary>Answers given, by the key that they were asked under.</summary>
    public DbSet<IdempotencyRecord> Idempotency => Set<IdempotencyRecord>();

    /// <summary>The admin key that editor nodes share where none is configured.</summary>
    public DbSet<SharedBootstrapKey> BootstrapKeys => Set<SharedBootstrapKey>();

    /// <summary>Messages of results feeds, as they came.</summary>
    public DbSet<FeedMessage> FeedMessages => Set<FeedMessage>();

    /// <summary>Which message is held of each document.</summary>
    public DbSet<HeldDocument> HeldDocuments => Set<HeldDocument>();

    /// <summary>What fans are to see of results.</summary>
    public DbSet<BoardItem> BoardItems => Set<BoardItem>();

    /// <summary>On which channels that is.</summary>
    public DbSet<BoardPlace> BoardPlaces => Set<BoardPlace>();

    /// <summary>Which node derives results.</summary>
    public DbSet<FeedLease> FeedLeases => Set<FeedLease>();

    /// <summary>Feeds that are played once more.</summary>
    public DbSet<Rehearsal> Rehearsals => Set<Rehearsal>();

    /// <summary>Whether anything was tried to be saved. As long as nothing was, a request can begin anew.</summary>
    public bool TriedToSave { get; private set; }

    /// <summary>
    /// From now on, what is saved stays in a transaction until <see cref="CommitAsync"/>, so that more can join it. The transaction begins with the first save, not before: what
    /// a handler does beforehand, such as sealing a ballot box, keeps no lock.
    /// </summary>
    public void HoldChanges() => _holdChanges = true;

    /// <summary>Commits what was saved since <see cref="HoldChanges"/>, if anything.</summary>
    /// <exception cref="FanHubException"><c>unavailable</c>: the database went away in the middle, and whether it took place is unknown.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (Database.CurrentTransaction is { } transaction)
        {
            try
            {
                await transaction.CommitAsync(cancellationToken);
            }
            catch (Exception failure) when (PostgresSettings.IsConnectionLost(failure) || DatabaseFailures.Within<TimeoutException>(failure) is not null)
            {
                throw new FanHubException(
                    ErrorCodes.Unavailable,
                    "The database went away while this was saved, and may have it or not: read it again before you repeat it, or repeat it under the same Idempotency-Key.",
                    TimeSpan.FromSeconds(1));
            }

            await transaction.DisposeAsync();
        }

        Committed();
    }

    /// <summary>Has something done once what is saved next is there for others to see.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>Forgets what was read and was to be saved, and ends the transaction, if there is one.</summary>
    public async Task StartOverAsync()
    {
        ChangeTracker.Clear();
        _afterCommit.Clear();
        _holdChanges = false;
        if (Database.CurrentTransaction is { } unfinished)
        {
            await unfinished.DisposeAsync();
        }
    }

    /// <inheritdoc />
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        TriedToSave = true;
        var channels = ChangeTracker.Entries<OutboxRow>().Where(e => e.State == EntityState.Added).Select(e => e.Entity.Channel).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var own = !_holdChanges && channels.Count > 0 && Database.CurrentTransaction is null;
        if ((_holdChanges || own) && Database.CurrentTransaction is null)
        {
            await Database.BeginTransactionAsync(cancellationToken);
        }

        try
        {
            foreach (var channel in channels)
            {
                await TakeTurnAsync(channel, cancellationToken);
            }

            var rows = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
            if (own)
            {
                await CommitAsync(cancellationToken);
            }
            else if (Database.CurrentTransaction is null)
            {
                Committed();
            }

            return rows;
        }
        finally
        {
            // Where it was committed, there is none any more.
            if (own && Database.CurrentTransaction is { } unfinished)
            {
                await unfinished.DisposeAsync();
            }
        }
    }

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMsConverter>();
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<Channel>(channel =>
        {
            channel.ToTable("channels");
            channel.HasKey(c => c.Id);
            channel.Property(c => c.Id).HasColumnName("id").ValueGeneratedNever();
            channel.Property(c => c.Title).HasColumnName("title").HasConversion(new JsonColumn<Dictionary<string, string>>(), JsonColumn<Dictionary<string, string>>.Comparer);
            channel.Property(c => c.DefaultLocale).HasColumnName("default_locale");
            channel.Property(c => c.RequiredLocales).HasColumnName("required_locales").HasConversion(new JsonColumn<List<string>>(), JsonColumn<List<string>>.Comparer);
            channel.Property(c => c.Version).HasColumnName("version").IsConcurrencyToken();
            channel.Property(c => c.CreatedAt).HasColumnName("created_at");
            channel.Property(c => c.UpdatedAt).HasColumnName("updated_at");
        });
        modelBuilder.AddQuestions();
        modelBuilder.AddQuizzes();
        modelBuilder.Entity<OutboxRow>(row =>
        {
            row.ToTable("outbox");
            row.HasKey(r => r.Id);
            row.Property(r => r.Id).HasColumnName("id").ValueGeneratedOnAdd();
            row.Property(r => r.Once).HasColumnName("once");
            row.Property(r => r.Channel).HasColumnName("channel");
            row.Property(r => r.Effect).HasColumnName("effect").HasConversion<string>();
            row.Property(r => r.Payload).HasColumnName("payload");
            row.Property(r => r.CreatedAt).HasColumnName("created_at");
            row.Property(r => r.Attempts).HasColumnName("attempts");
            row.Property(r => r.ParkedAt).HasColumnName("parked_at");
            row.Property(r => r.Error).HasColumnName("error");
        });
        modelBuilder.Entity<IdempotencyRecord>(record =>
        {
            record.ToTable("idempotency");
            record.HasKey(r => new { r.Editor, r.Key });
            record.Property(r => r.Editor).HasColumnName("editor");
            record.Property(r => r.Key).HasColumnName("key");
            record.Property(r => r.Fingerprint).HasColumnName("fingerprint");
            record.Property(r => r.Status).HasColumnName("status");
            record.Property(r => r.Body).HasColumnName("body");
            record.Property(r => r.ETag).HasColumnName("etag");
            record.Property(r => r.Location).HasColumnName("location");
            record.Property(r => r.CreatedAt).HasColumnName("created_at");
        });
        modelBuilder.Entity<SharedBootstrapKey>(key =>
        {
            key.ToTable("bootstrap_key");
            key.HasKey(k => k.Id);
            key.Property(k => k.Id).HasColumnName("id").ValueGeneratedNever();
            key.Property(k => k.Hash).HasColumnName("hash");
            key.Property(k => k.CreatedAt).HasColumnName("created_at");
        });
        modelBuilder.AddAnnouncements();
        modelBuilder.AddReactions();
        modelBuilder.AddResults();
    }

    // Holds the channel's row until the transaction ends, so that transactions which have something to publish there come one after the other: their outbox rows get their numbers,
    // and become visible, in the same order. (SQLite has one writer anyway.) Nothing about the row changes. Everybody takes channels in the same order, so that nobody waits in a circle.
    private Task TakeTurnAsync(string channel, CancellationToken cancellationToken) =>
        Channels.Where(c => c.Id == channel).ExecuteUpdateAsync(row => row.SetProperty(c => c.Version, c => c.Version), cancellationToken);

    private void Committed()
    {
        foreach (var action in _afterCommit)
        {
            action();
        }

        _afterCommit.Clear();
    }
}
