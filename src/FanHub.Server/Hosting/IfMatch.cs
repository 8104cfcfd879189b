using System.Globalization;
using FanHub.Contracts;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FanHub.Server.Hosting;

/// <summary>What <c>If-Match</c> says of the version that a change is meant for. Absent: any will do.</summary>
internal sealed class IfMatch
{
    private readonly IReadOnlyList<EntityTagHeaderValue> _tags;

    private IfMatch(IReadOnlyList<EntityTagHeaderValue> tags) => _tags = tags;

    /// <summary>No condition.</summary>
    public static IfMatch None { get; } = new([]);

    /// <summary>Reads the header.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>: it is not a list of entity tags.</exception>
    public static IfMatch From(HttpRequest request) => From(request.Headers.IfMatch);

    /// <summary>Reads the header's values.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>: it is not a list of entity tags.</exception>
    public static IfMatch From(StringValues header)
    {
        if (header.Count == 0)
        {
            return None;
        }

        return EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var tags) && tags.Count > 0
            ? new IfMatch([.. tags])
            : throw new FanHubException(ErrorCodes.Invalid, "If-Match has to be an ETag as it was sent, with its quotes, or *.");
    }

    /// <summary>Lets the change pass if it is meant for this version.</summary>
    /// <param name="version">The version that is there; null where there is nothing.</param>
    /// <exception cref="FanHubException"><c>precondition_failed</c>.</exception>
    public void Check(long? version)
    {
        if (!IsMetBy(version))
        {
            throw new FanHubException(
                ErrorCodes.PreconditionFailed,
                version is null ? "There is nothing yet that If-Match could match." : string.Create(CultureInfo.InvariantCulture, $"It has changed: it is at version {version} now."));
        }
    }

    /// <summary>Whether the change is meant for this version.</summary>
    /// <param name="version">The version that is there; null where there is nothing.</param>
    public bool IsMetBy(long? version)
    {
        if (_tags.Count == 0)
        {
            return true;
        }

        var there = version?.ToString(CultureInfo.InvariantCulture);
        return there is not null && _tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && string.Equals(tag.Tag.Value, $"\"{there}\"", StringComparison.Ordinal)));
    }
}
