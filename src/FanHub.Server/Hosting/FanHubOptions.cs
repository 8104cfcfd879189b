using System.ComponentModel.DataAnnotations;

namespace FanHub.Server.Hosting;

/// <summary>How this node takes part. Configuration section <c>FanHub</c>.</summary>
internal sealed class FanHubOptions : IValidatableObject
{
    /// <summary>Where SQLite files and generated keys are kept; by default <c>./data</c>.</summary>
    [Required]
    public string DataDirectory { get; set; } = "./data";

    /// <summary><c>fan</c>, <c>editor</c> or <c>fan,editor</c> (the default): what this node serves.</summary>
    [Required]
    public string Roles { get; set; } = "fan,editor";

    /// <summary>Prefix of all names in Redis: 1 to 50 letters, digits, <c>.</c>, <c>_</c>, <c>-</c> or <c>:</c>; by default <c>fanhub</c>.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9._:-]{1,50}$")]
    public string KeyPrefix { get; set; } = "fanhub";

    /// <summary>Whether fans are served here.</summary>
    public bool ServesFans => Has("fan");

    /// <summary>Whether editors are served here.</summary>
    public bool ServesEditors => Has("editor");

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var roles = Split();
        if (roles.Length == 0 || roles.Any(r => r is not "fan" and not "editor"))
        {
            yield return new ValidationResult($"FanHub:Roles is \"{Roles}\"; it has to be fan, editor, or fan,editor.", [nameof(Roles)]);
        }
    }

    private bool Has(string role) => Split().Contains(role, StringComparer.Ordinal);

    private string[] Split() => Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
