using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Hosting;

/// <summary>Options that are checked before the server starts, so that a mistake is told at once and not when the first fan comes.</summary>
internal static class Validated
{
    /// <summary>Binds a section and checks it at start.</summary>
    public static void AddValidated<TOptions>(this IHostApplicationBuilder builder, string section)
        where TOptions : class =>
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();

    /// <summary>Reads a section now, for what is decided while the server is put together.</summary>
    /// <exception cref="OptionsValidationException">It breaks a rule.</exception>
    public static TOptions Read<TOptions>(IConfiguration configuration, string section)
        where TOptions : class, new()
    {
        var options = configuration.GetSection(section).Get<TOptions>() ?? new TOptions();
        var mistakes = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), mistakes, validateAllProperties: true)
            ? options
            : throw new OptionsValidationException(section, typeof(TOptions), mistakes.Select(m => m.ErrorMessage ?? section));
    }
}
