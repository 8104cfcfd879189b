using FanHub.Server.Storage;
using Microsoft.Data.Sqlite;

namespace FanHub.Server.Ballots;

/// <summary>The statements of the writer, prepared once. For the writer's thread alone.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : SqliteTransactions(connection)
{
    private readonly SqliteCommand _register = Prepare(
        connection,
        "INSERT INTO boxes (interaction, channel) VALUES ($interaction, $channel) ON CONFLICT (interaction) DO UPDATE SET channel = coalesce(channel, excluded.channel)",
        "$interaction", "$channel");
    private readonly SqliteCommand _create = Prepare(connection, "INSERT INTO boxes (interaction) VALUES ($interaction) ON CONFLICT (interaction) DO NOTHING", "$interaction");
    private readonly SqliteCommand _find = Prepare(connection, "SELECT id, sealed FROM boxes WHERE interaction = $interaction", "$interaction");
    private readonly SqliteCommand _seal = Prepare(connection, "UPDATE boxes SET sealed = 1 WHERE id = $box", "$box");
    private readonly SqliteCommand _insert = Prepare(
        connection, "INSERT INTO ballots (box, fan, value) VALUES ($box, $fan, $value) ON CONFLICT (box, fan) DO NOTHING", "$box", "$fan", "$value");
    private readonly SqliteCommand _replace = Prepare(connection, "UPDATE ballots SET value = $value WHERE box = $box AND fan = $fan", "$box", "$fan", "$value");
    private readonly SqliteCommand _held = Prepare(connection, "SELECT value FROM ballots WHERE box = $box AND fan = $fan", "$box", "$fan");
    private readonly SqliteCommand _count = Prepare(
        connection,
        "INSERT INTO counts (box, option, ballots) VALUES ($box, $option, $more) ON CONFLICT (box, option) DO UPDATE SET ballots = ballots + excluded.ballots",
        "$box", "$option", "$more");
    private readonly SqliteCommand _record = Prepare(
        connection,
        """
        UPDATE boxes SET accepted = accepted + $accepted, changed = changed + $changed, repeated = repeated + $repeated, late = late + $late, refused = refused + $refused
        WHERE id = $box
        """,
        "$box", "$accepted", "$changed", "$repeated", "$late", "$refused");
    private readonly SqliteCommand _nextFan = Prepare(connection, "SELECT next FROM fans WHERE id = 1");
    private readonly SqliteCommand _setNextFan = Prepare(connection, "INSERT INTO fans (id, next) VALUES (1, $next) ON CONFLICT (id) DO UPDATE SET next = excluded.next", "$next");

    public void Register(string interaction, string channel) => Execute(_register, interaction, channel);

    /// <summary>The box's row and whether it is sealed; a new row where there is none.</summary>
    public (long Id, bool Sealed) Box(string interaction)
    {
        if (TryFind(interaction) is { } found)
        {
            return found;
        }

        Execute(_create, interaction);
        return TryFind(interaction)!.Value;
    }

    public void Seal(long box) => Execute(_seal, box);

    /// <summary>Whether it was recorded: not where the fan has a ballot.</summary>
    public bool Insert(long box, long fan, byte[] value) => Execute(_insert, box, fan, value) == 1;

    public void Replace(long box, long fan, byte[] value) => Execute(_replace, box, fan, value);

    public byte[]? Held(long box, long fan)
    {
        Bind(_held, box, fan);
        return (byte[]?)_held.ExecuteScalar();
    }

    public void Count(long box, int option, long more) => Execute(_count, box, option, more);

    public void Record(long box, long accepted, long changed, long repeated, long late, long refused) => Execute(_record, box, accepted, changed, repeated, late, refused);

    public long? NextFan() => (long?)_nextFan.ExecuteScalar();

    public void SetNextFan(long next) => Execute(_setNextFan, next);

    /// <inheritdoc/>
    protected override IEnumerable<SqliteCommand> Commands => [_register, _create, _find, _seal, _insert, _replace, _held, _count, _record, _nextFan, _setNextFan];

    private (long Id, bool Sealed)? TryFind(string interaction)
    {
        Bind(_find, interaction);
        using var reader = _find.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetBoolean(1)) : null;
    }
}
