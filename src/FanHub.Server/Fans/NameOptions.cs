using System.ComponentModel.DataAnnotations;

namespace FanHub.Server.Fans;

/// <summary>Which names fans cannot have. Configuration section <c>FanHub:Names</c>.</summary>
internal sealed class NameOptions : IValidatableObject
{
    /// <summary>Where it is configured.</summary>
    public const string Section = "FanHub:Names";

    private const int ShortestWord = 2;

    /// <summary>Words that no name may contain, in addition to those built in; look-alikes of them are found too.</summary>
    public string[] Blocked { get; set; } = [];

    /// <summary>Words that no name may be or have as a word, for they would pass for the staff; by default admin, administrator, moderator, staff, official, support, fanhub.</summary>
    public string[]? Staff { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var word in Blocked.Concat(Staff ?? []).Where(w => !DisplayNames.IsWellFormed(w) || NameSkeleton.Of(w).Length < ShortestWord))
        {
            yield return new ValidationResult($"\"{word}\" is no word for {Section}: it needs at least {ShortestWord} letters or digits.", [nameof(Blocked), nameof(Staff)]);
        }
    }
}
