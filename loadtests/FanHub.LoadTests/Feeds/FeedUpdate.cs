using System.Text;
using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.LoadTests.Feeds;

/// <summary>Just as much of an update as this test looks at.</summary>
internal record struct FeedUpdate
{
    /// <summary>The channel.</summary>
    public string Channel { get; set; }

    /// <summary>The life of its log.</summary>
    public string Epoch { get; set; }

    /// <summary>The place in the log.</summary>
    public long Offset { get; set; }

    /// <summary>Whether it takes a place in the log.</summary>
    public bool IsLogged { get; set; }

    /// <summary>The item.</summary>
    public string Key { get; set; }

    /// <summary>The item's own version.</summary>
    public long ItemVersion { get; set; }

    /// <summary>The source's version; null where the item has none, or was taken away.</summary>
    public long? Version { get; set; }

    /// <summary>Whether the item is there.</summary>
    public bool IsThere { get; set; }

    /// <summary>All medals, of a medal table.</summary>
    public int Medals { get; set; }

    /// <summary>Reads the updates of a message from the server; none where it is something else.</summary>
    public static IReadOnlyList<FeedUpdate> Read(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record);
        var updates = new List<FeedUpdate>(1);
        var ours = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isArguments = reader.ValueTextEquals("arguments"u8);
            var isTarget = reader.ValueTextEquals("target"u8);
            reader.Read();
            ours = isTarget ? reader.ValueTextEquals("updates"u8) : ours;
            if (isArguments && ours)
            {
                // The arguments, and the first of them: both are arrays.
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                {
                    updates.Add(ReadOne(ref reader));
                }

                return updates;
            }

            reader.Skip();
        }

        return updates;
    }

    /// <summary>The same of an update that was read in full.</summary>
    public static FeedUpdate Of(Update update)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(update, WireJson.Options)));
        reader.Read();
        return ReadOne(ref reader);
    }

    private static FeedUpdate ReadOne(ref Utf8JsonReader reader)
    {
        var update = new FeedUpdate();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "channel":
                    update.Channel = reader.GetString()!;
                    break;
                case "epoch":
                    update.Epoch = reader.GetString()!;
                    break;
                case "key":
                    update.Key = reader.GetString()!;
                    break;
                case "class":
                    update.IsLogged = reader.ValueTextEquals("logged"u8);
                    break;
                case "offset":
                    update.Offset = reader.GetInt64();
                    break;
                case "version":
                    update.ItemVersion = reader.GetInt64();
                    break;
                case "data" when reader.TokenType == JsonTokenType.StartObject:
                    ReadData(ref reader, ref update);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return update;
    }

    private static void ReadData(ref Utf8JsonReader reader, ref FeedUpdate update)
    {
        update.IsThere = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("version"u8);
            var isTable = reader.ValueTextEquals("organisations"u8);
            reader.Read();
            if (isVersion)
            {
                update.Version = reader.GetInt64();
            }
            else if (isTable)
            {
                update.Medals = JsonElement.ParseValue(ref reader).EnumerateArray().Sum(row => row.GetProperty("total").GetInt32());
            }
            else
            {
                reader.Skip();
            }
        }
    }
}
