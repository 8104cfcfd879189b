using System.CommandLine;

namespace FanHub.LoadTests.Running;

/// <summary>Numbers on the command line, each within its bounds.</summary>
internal static class Numbers
{
    /// <summary>One with a standard value.</summary>
    public static Option<T> Between<T>(string name, T standard, T least, T most, string description)
        where T : struct, IComparable<T>
    {
        var option = new Option<T>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(given => Check(given, given.GetValueOrDefault<T>(), least, most));
        return option;
    }

    /// <summary>One that may be left out.</summary>
    public static Option<T?> Between<T>(string name, T least, T most, string description)
        where T : struct, IComparable<T>
    {
        var option = new Option<T?>(name) { Description = description };
        option.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<T?>() is { } value)
            {
                Check(given, value, least, most);
            }
        });
        return option;
    }

    private static void Check<T>(System.CommandLine.Parsing.OptionResult given, T value, T least, T most)
        where T : struct, IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            given.AddError(FormattableString.Invariant($"{given.Option.Name} has to be from {least} to {most}."));
        }
    }
}
