using FanHub.Contracts;

namespace FanHub.Server.Hosting;

/// <summary>Gathers everything that is wrong with a request, so that its sender hears of all of it at once.</summary>
internal sealed class FieldErrors
{
    private readonly SortedDictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    /// <summary>Whether nothing is wrong so far.</summary>
    public bool None => _errors.Count == 0;

    /// <summary>Notes that something is wrong.</summary>
    /// <param name="field">The member's path in the body, as <c>options[1].label</c>.</param>
    /// <param name="message">What is wrong, as the rest of a sentence that begins with the member.</param>
    public void Add(string field, string message)
    {
        if (!_errors.TryGetValue(field, out var messages))
        {
            _errors[field] = messages = [];
        }

        messages.Add(message);
    }

    /// <summary>Notes that something is wrong unless it is right.</summary>
    /// <returns>Whether it is right.</returns>
    public bool Check(bool right, string field, string message)
    {
        if (!right)
        {
            Add(field, message);
        }

        return right;
    }

    /// <summary>Refuses the request if anything is wrong with it.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>, naming everything.</exception>
    public void ThrowIfAny()
    {
        if (!None)
        {
            throw ToException();
        }
    }

    /// <summary>One mistake as a refusal.</summary>
    public static FanHubException Single(string field, string message)
    {
        var errors = new FieldErrors();
        errors.Add(field, message);
        return errors.ToException();
    }

    /// <summary>What is wrong, as a refusal.</summary>
    public FanHubException ToException() =>
        new(ErrorCodes.Invalid, string.Join("; ", _errors.SelectMany(e => e.Value.Select(m => $"{e.Key} {m}"))) + ".")
        {
            Errors = _errors.ToDictionary(e => e.Key, e => e.Value.ToArray(), StringComparer.Ordinal),
        };
}
