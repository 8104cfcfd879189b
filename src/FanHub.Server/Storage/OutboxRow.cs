using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Server.Storage;

/// <summary>What is to be done on the live side.</summary>
internal enum OutboxEffect
{
    /// <summary>Make the channel exist.</summary>
    Create,

    /// <summary>Make an interaction known to the ballot box.</summary>
    Register,

    /// <summary>Append an item to the channel.</summary>
    Publish,

    /// <summary>Seal the box of an interaction that was called off, and take its count away.</summary>
    Withdraw,
}

/// <summary>
/// One effect on the live side, saved in the transaction of the change that wants it, so that a crash loses neither or both. <see cref="OutboxPublisher"/> carries it out, at
/// least once and with one effect.
/// </summary>
internal sealed class OutboxRow
{
    /// <summary>The order of effects on one channel.</summary>
    public long Id { get; init; }

    /// <summary>
    /// Names the effect for ever. Not the row's id: a database put back from a backup would give those out again, and the log would take new items for ones that it has seen.
    /// </summary>
    public required string Once { get; init; }

    /// <summary>The channel that it concerns; effects on one channel keep their order.</summary>
    public required string Channel { get; init; }

    /// <summary>What to do.</summary>
    public required OutboxEffect Effect { get; init; }

    /// <summary>With <see cref="OutboxEffect.Publish"/> the item in JSON, with <see cref="OutboxEffect.Register"/> the interaction's id, with <see cref="OutboxEffect.Withdraw"/> a <see cref="Withdrawal"/> in JSON.</summary>
    public required string Payload { get; init; }

    /// <summary>When it was saved.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How often it failed for a reason of its own (not because the live side was away).</summary>
    public int Attempts { get; init; }

    /// <summary>When it was given up, until somebody looks at it.</summary>
    public DateTimeOffset? ParkedAt { get; init; }

    /// <summary>Why it failed last.</summary>
    public string? Error { get; init; }

    /// <summary>The key that the log knows the append by.</summary>
    public string IdempotencyKey => $"outbox:{Once}";

    /// <summary>Makes the channel exist.</summary>
    public static OutboxRow Create(string channel, DateTimeOffset now) => New(channel, OutboxEffect.Create, string.Empty, now);

    /// <summary>Makes an interaction known to the ballot box.</summary>
    public static OutboxRow Register(string channel, string interaction, DateTimeOffset now) => New(channel, OutboxEffect.Register, interaction, now);

    /// <summary>Appends an item.</summary>
    public static OutboxRow Publish(string channel, Item item, DateTimeOffset now) => New(channel, OutboxEffect.Publish, StoredItem.Write(item), now);

    /// <summary>Seals the box of an interaction that was called off, and takes its count away.</summary>
    public static OutboxRow Withdraw(string channel, Withdrawal withdrawal, DateTimeOffset now) =>
        New(channel, OutboxEffect.Withdraw, JsonSerializer.Serialize(withdrawal, WireJson.Options), now);

    /// <summary>What a <see cref="OutboxEffect.Withdraw"/> is about.</summary>
    public Withdrawal ReadWithdrawal() => JsonSerializer.Deserialize<Withdrawal>(Payload, WireJson.Options) ?? throw new FormatException("An outbox row holds no withdrawal.");

    /// <summary>The item of a <see cref="OutboxEffect.Publish"/>.</summary>
    public Item ReadItem() => StoredItem.Read(Payload);

    private static OutboxRow New(string channel, OutboxEffect effect, string payload, DateTimeOffset now) => new()
    {
        Once = Guid.CreateVersion7(now).ToString("N"),
        Channel = channel,
        Effect = effect,
        Payload = payload,
        CreatedAt = now,
    };

    /// <summary>An item as the outbox keeps it.</summary>
    private sealed record StoredItem(string Key, string Kind, DeliveryClass Class, long Version, DateTimeOffset At, JsonElement? Data, string? DefaultLocale, string? Gate)
    {
        public static string Write(Item item)
        {
            JsonElement? data = null;
            if (!item.Removes)
            {
                data = JsonElement.Parse(item.Data.Span);
            }

            return JsonSerializer.Serialize(new StoredItem(item.Key, item.Kind, item.Class, item.Version, item.At, data, item.DefaultLocale, item.Gate), WireJson.Options);
        }

        public static Item Read(string text)
        {
            var stored = JsonSerializer.Deserialize<StoredItem>(text, WireJson.Options) ?? throw new FormatException("An outbox row holds no item.");
            return new Item
            {
                Key = stored.Key,
                Kind = stored.Kind,
                Class = stored.Class,
                Version = stored.Version,
                At = stored.At,
                Data = stored.Data is { } data ? JsonSerializer.SerializeToUtf8Bytes(data, WireJson.Options) : default(ReadOnlyMemory<byte>),
                DefaultLocale = stored.DefaultLocale,
                Gate = stored.Gate,
            };
        }
    }
}

/// <summary>An interaction that was called off or taken back.</summary>
/// <param name="Interaction">Its id.</param>
/// <param name="Options">How many options it has.</param>
/// <param name="Counted">Whether fans may have been shown a count.</param>
internal sealed record Withdrawal(string Interaction, int Options, bool Counted);
