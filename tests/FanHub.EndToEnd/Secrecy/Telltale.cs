using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.EndToEnd.Secrecy;

/// <summary>Looks for what nobody should have been told.</summary>
internal static class Telltale
{
    private static readonly string[] Quiz = ["id", "state", "title", "lang", "scoring", "pace", "streakBonus", "moreTime", "lateWindowMs", "of", "question"];
    private static readonly string[] Question = ["id", "index", "of", "text", "lang", "options", "maxChoices", "points", "seconds", "opensAt", "closesAt", "state"];
    private static readonly string[] Poll = ["id", "state", "title", "lang", "options", "maxChoices", "changeable", "visibility", "opensAt", "closesAt", "lateWindowMs", "points", "unit"];
    private static readonly string[] Update = ["channel", "epoch", "offset", "class", "key", "kind", "version", "at", "data"];

    /// <summary>None of these texts was said.</summary>
    public static void ShouldNotTell(this IReadOnlyList<Heard> heard, string when, IEnumerable<string> marks)
    {
        foreach (var mark in marks)
        {
            var told = heard.Where(h => h.Text.Contains(mark, StringComparison.OrdinalIgnoreCase)).ToList();
            told.ShouldBeEmpty($"{when}: {mark} was told by {string.Join(" and ", told.Select(h => h.By))}");
        }
    }

    /// <summary>Both were told the same, word for word.</summary>
    public static void ShouldBeSaidLike(this IReadOnlyList<string> one, IReadOnlyList<string> other, string when)
    {
        foreach (var (first, second) in one.Zip(other))
        {
            first.ShouldBe(second, when);
        }

        one.Count.ShouldBe(other.Count, when);
    }

    /// <summary>Everything said of quizzes has only the members that it may have: nothing of what is correct, why, and how many think so, but in questions that are revealed.</summary>
    /// <param name="heard">What was said.</param>
    /// <param name="when">For the text.</param>
    /// <param name="revealed">The questions that are revealed.</param>
    /// <param name="scores">The scores that there can be after those.</param>
    public static void ShouldTellOnlyOf(this IReadOnlyList<Heard> heard, string when, IReadOnlyCollection<string> revealed, IReadOnlyCollection<long> scores)
    {
        foreach (var (by, update) in heard.SelectMany(h => Updates(JsonElement.Parse(h.Text)).Select(u => (h.By, u))))
        {
            Members(update, Update, $"{when}: {by}");
            var kind = update.GetProperty("kind").GetString();
            var data = update.GetProperty("data");
            if (kind == ItemKinds.Quiz && data.ValueKind != JsonValueKind.Null)
            {
                Members(data, Quiz, $"{when}: {by}");
                var question = data.GetProperty("question");
                var id = question.GetProperty("id").GetString()!;
                var isRevealed = revealed.Contains(id) && question.GetProperty("state").GetString() == "revealed";
                Members(question, isRevealed ? [.. Question, "correct", "explanation", "tally"] : Question, $"{when}: {by}");
                foreach (var option in question.GetProperty("options").EnumerateArray())
                {
                    Members(option, ["id", "label", "lang"], $"{when}: {by}");
                }
            }
            else if (kind == ItemKinds.Leaderboard)
            {
                data.GetProperty("top").EnumerateArray().ShouldAllBe(row => scores.Contains(row.GetProperty("score").GetInt64()), $"{when}: {by}");
            }
            else
            {
                kind.ShouldBeOneOf([ItemKinds.Quiz, ItemKinds.Audience], $"{when}: {by}");
            }
        }
    }

    /// <summary>Nobody was told a count of it, nor, before the end, an outcome.</summary>
    /// <param name="heard">What was said.</param>
    /// <param name="when">For the text.</param>
    /// <param name="id">Of what.</param>
    /// <param name="outcome">The members that tell of an outcome.</param>
    /// <param name="ended">Whether that may be told.</param>
    public static void ShouldTellNoCount(this IReadOnlyList<Heard> heard, string when, string id, string[] outcome, bool ended)
    {
        foreach (var (by, update) in heard.SelectMany(h => Updates(JsonElement.Parse(h.Text)).Select(u => (h.By, u))).Where(u => u.u.GetProperty("key").GetString()!.EndsWith(id, StringComparison.Ordinal)))
        {
            update.GetProperty("kind").GetString().ShouldBeOneOf([ItemKinds.Poll, ItemKinds.Prediction], $"{when}: {by}");
            Members(update.GetProperty("data"), ended ? [.. Poll, .. outcome] : Poll, $"{when}: {by}");
        }
    }

    /// <summary>All updates in a message, wherever they are in it.</summary>
    private static IEnumerable<JsonElement> Updates(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty("key", out _) && element.TryGetProperty("data", out _) => [element],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => Updates(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Updates),
        _ => [],
    };

    private static void Members(JsonElement element, string[] allowed, string when) =>
        element.EnumerateObject().Select(m => m.Name).Except(allowed, StringComparer.Ordinal).ShouldBeEmpty($"{when} told too much: {element}");
}
