using System.Globalization;
using System.Text.Json;
using FanHub.Contracts;

namespace FanHub.Server.Hosting;

/// <summary>A successful answer of the admin API: a status, a JSON body, and the version and address of what it shows.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body, in JSON.</param>
/// <param name="ETag">The entity tag, quotes included.</param>
/// <param name="Location">Where what was created can be read.</param>
internal sealed record Answer(int Status, ReadOnlyMemory<byte> Body, string? ETag = null, string? Location = null) : IResult
{
    /// <summary>An answer of 200.</summary>
    /// <param name="body">What to show.</param>
    /// <param name="version">The version of what is shown, for <c>ETag</c>.</param>
    public static Answer Ok<T>(T body, long? version = null) => Of(StatusCodes.Status200OK, body, version, null);

    /// <summary>An answer of 201.</summary>
    public static Answer Created<T>(string location, T body, long version) => Of(StatusCodes.Status201Created, body, version, location);

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.ETag = ETag;
        response.Headers.Location = Location;
        await response.Body.WriteAsync(Body, httpContext.RequestAborted);
    }

    private static Answer Of<T>(int status, T body, long? version, string? location)
    {
        var tag = version is { } v ? string.Create(CultureInfo.InvariantCulture, $"\"{v}\"") : null;
        return new Answer(status, JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options), tag, location);
    }
}
