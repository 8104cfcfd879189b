using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;

namespace FanHub.Server.Ballots;

/// <summary>What a node must know of something that fans answer, read out of its public item: a fan node needs no database. Of a quiz it is the question that it has come to.</summary>
internal sealed class Interaction
{
    private readonly Dictionary<string, int> _indexes;

    private Interaction(string id, string channel, IReadOnlyList<string> options)
    {
        Id = id;
        Channel = channel;
        Options = options;
        _indexes = options.Select((option, index) => (option, index)).ToDictionary(o => o.option, o => o.index, StringComparer.Ordinal);
    }

    /// <summary>The kinds that are answered, as <see cref="ItemKinds"/>.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [ItemKinds.Poll, ItemKinds.Prediction, ItemKinds.Quiz];

    /// <summary>The id of its ballot box.</summary>
    public string Id { get; }

    /// <summary>The channel that its item is in.</summary>
    public string Channel { get; }

    /// <summary>Option ids, in order.</summary>
    public IReadOnlyList<string> Options { get; }

    /// <summary>Whether it takes ballots, its window permitting.</summary>
    public required bool IsOpen { get; init; }

    /// <summary>How many options a ballot may name.</summary>
    public required int MaxChoices { get; init; }

    /// <summary>What the ballot box must know.</summary>
    public required BallotRules Rules { get; init; }

    /// <summary>When it opened; ballots' times are counted from here.</summary>
    public required DateTimeOffset OpensAt { get; init; }

    /// <summary>When it closes; null while nobody has said.</summary>
    public required DateTimeOffset? ClosesAt { get; init; }

    /// <summary>How much later, in ms, ballots behind a delayed video count at most.</summary>
    public required int LateWindowMs { get; init; }

    /// <summary>The gate that its running count sits behind: its id where only voters may see it.</summary>
    public string? Gate { get; private init; }

    /// <summary>Whether the running count is sent to fans while ballots come in.</summary>
    public bool CountsInPublic { get; private init; }

    /// <summary>The quiz and its question, where it is one.</summary>
    public QuizQuestionKey? Question { get; private init; }

    /// <summary>By how much longer it is open for fans who need more time; zero where the editor does not allow it, or it is no quiz's question.</summary>
    public TimeSpan MoreTime { get; private init; }

    /// <summary>The box of a quiz's question.</summary>
    public static string BoxOf(string quiz, string question) => $"{quiz}.{question}";

    /// <summary>Reads an item of one of the <see cref="Kinds"/>.</summary>
    /// <param name="channel">The channel that it is in.</param>
    /// <param name="entry">The item.</param>
    public static Interaction Read(string channel, LogEntry entry)
    {
        using var document = JsonDocument.Parse(entry.Item.Data);
        return string.Equals(entry.Item.Kind, ItemKinds.Quiz, StringComparison.Ordinal) ? ReadQuiz(channel, document.RootElement) : ReadQuestion(channel, entry, document.RootElement);
    }

    /// <summary>The same, taking no more ballots.</summary>
    public Interaction AsClosed() => new(Id, Channel, Options)
    {
        IsOpen = false,
        MaxChoices = MaxChoices,
        Rules = Rules,
        OpensAt = OpensAt,
        ClosesAt = ClosesAt,
        LateWindowMs = LateWindowMs,
        Question = Question,
    };

    /// <summary>The choices as a set of bits, option 0 in the lowest.</summary>
    /// <exception cref="Hosting.FanHubException"><c>unknown_choice</c>, <c>too_many_choices</c>.</exception>
    public ulong Choose(IReadOnlyList<string> choices)
    {
        ulong chosen = 0;
        foreach (var choice in choices)
        {
            if (!_indexes.TryGetValue(choice, out var index))
            {
                throw new Hosting.FanHubException(ErrorCodes.UnknownChoice, "The ballot names an option that there is not.");
            }

            chosen |= 1UL << index;
        }

        return System.Numerics.BitOperations.PopCount(chosen) <= MaxChoices
            ? chosen
            : throw new Hosting.FanHubException(ErrorCodes.TooManyChoices, $"A ballot may name {MaxChoices} of the options.");
    }

    /// <summary>The ids behind a set of bits.</summary>
    public IReadOnlyList<string> Names(ulong choices) => [.. Options.Where((_, index) => (choices >> index & 1) == 1)];

    private static Interaction ReadQuestion(string channel, LogEntry entry, JsonElement data)
    {
        var options = OptionIds(data);
        var (id, state, visibility) = (data.GetProperty("id"u8).GetString()!, data.GetProperty("state"u8).Deserialize<PublicState>(WireJson.Options), data.GetProperty("visibility"u8).Deserialize<TallyVisibility>(WireJson.Options));
        return new Interaction(id, channel, options)
        {
            IsOpen = state == PublicState.Open,
            MaxChoices = data.GetProperty("maxChoices"u8).GetInt32(),
            Rules = new BallotRules(options.Length, data.GetProperty("changeable"u8).GetBoolean()),
            OpensAt = Time(data, "opensAt"u8) ?? entry.Item.At,
            ClosesAt = Time(data, "closesAt"u8),
            LateWindowMs = Number(data, "lateWindowMs"u8),
            Gate = visibility == TallyVisibility.AfterVote && state is PublicState.Open or PublicState.Closed ? id : null,
            CountsInPublic = state == PublicState.Open && visibility is TallyVisibility.Live or TallyVisibility.AfterVote,
        };
    }

    private static Interaction ReadQuiz(string channel, JsonElement data)
    {
        var quiz = data.GetProperty("id"u8).GetString()!;
        if (!data.TryGetProperty("question"u8, out var question))
        {
            return new Interaction(quiz, channel, []) { IsOpen = false, MaxChoices = 0, Rules = new BallotRules(2, Changeable: false), OpensAt = default, ClosesAt = null, LateWindowMs = 0, Question = new QuizQuestionKey(quiz, string.Empty) };
        }

        var (key, options) = (new QuizQuestionKey(quiz, question.GetProperty("id"u8).GetString()!), OptionIds(question));
        return new Interaction(BoxOf(key.Quiz, key.Question), channel, options)
        {
            IsOpen = data.GetProperty("state"u8).Deserialize<PublicQuizState>(WireJson.Options) == PublicQuizState.Running
                && question.GetProperty("state"u8).Deserialize<PublicQuestionState>(WireJson.Options) == PublicQuestionState.Open,
            MaxChoices = question.GetProperty("maxChoices"u8).GetInt32(),
            Rules = new BallotRules(options.Length, Changeable: false),
            OpensAt = Time(question, "opensAt"u8)!.Value,
            ClosesAt = Time(question, "closesAt"u8),
            LateWindowMs = Number(data, "lateWindowMs"u8),
            Question = key,
            MoreTime = data.GetProperty("moreTime"u8).GetBoolean() ? TimeSpan.FromSeconds(question.GetProperty("seconds"u8).GetInt32()) : TimeSpan.Zero,
        };
    }

    private static string[] OptionIds(JsonElement data) => [.. data.GetProperty("options"u8).EnumerateArray().Select(o => o.GetProperty("id"u8).GetString()!)];

    private static int Number(JsonElement data, ReadOnlySpan<byte> name) => data.TryGetProperty(name, out var number) ? number.GetInt32() : 0;

    private static DateTimeOffset? Time(JsonElement data, ReadOnlySpan<byte> name) =>
        data.TryGetProperty(name, out var time) && time.ValueKind == JsonValueKind.String ? time.GetDateTimeOffset() : null;
}

/// <summary>A question of a quiz.</summary>
/// <param name="Quiz">The quiz's id.</param>
/// <param name="Question">The question's id in it; empty where the quiz has not come to any.</param>
internal sealed record QuizQuestionKey(string Quiz, string Question);
