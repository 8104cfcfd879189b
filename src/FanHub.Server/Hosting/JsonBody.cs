using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using FanHub.Contracts;

namespace FanHub.Server.Hosting;

/// <summary>
/// The JSON body of a request, read strictly: no unknown members, no repeated ones, no numbers in strings, no dates without an offset, at most
/// <see cref="RequestBody.MaxBytes"/>. What is wrong is told with its place.
/// </summary>
/// <typeparam name="T">What the body is. Its members are nullable, so that whoever checks it can name all that are missing.</typeparam>
/// <param name="Value">What it says.</param>
internal sealed record JsonBody<T>(T Value) : IBindableFromHttpContext<JsonBody<T>>
    where T : class
{
    /// <summary>Reads it.</summary>
    /// <exception cref="FanHubException"><c>invalid</c> or <c>too_large</c>.</exception>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var bytes = await RequestBody.ReadAsync(context);
        try
        {
            var value = JsonSerializer.Deserialize<T>(bytes.Span, StrictJson.Options);
            return value is null ? throw new FanHubException(ErrorCodes.Invalid, "The body has to be a JSON object.") : new JsonBody<T>(value);
        }
        catch (JsonException failure)
        {
            throw StrictJson.Refusal(failure);
        }
    }
}

/// <summary>How bodies are read.</summary>
internal static class StrictJson
{
    /// <summary>The shared, read-only options.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>The failure as it is told to the sender: with the place, without names of types.</summary>
    public static FanHubException Refusal(JsonException failure)
    {
        var place = $"line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}";
        var path = failure.Path is { Length: > 2 } p && p.StartsWith("$.", StringComparison.Ordinal) ? p[2..] : null;
        if (failure.Message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            return FieldErrors.Single(path ?? "body", "is not known here");
        }

        if (failure.Message.Contains("Duplicate property", StringComparison.OrdinalIgnoreCase))
        {
            return FieldErrors.Single(path ?? "body", $"is there twice ({place})");
        }

        const string Lacks = "was missing required properties including: ";
        if (failure.Message.IndexOf(Lacks, StringComparison.Ordinal) is >= 0 and var at)
        {
            var errors = new FieldErrors();
            foreach (var name in failure.Message[(at + Lacks.Length)..].Split('\'').Where((_, i) => i % 2 == 1))
            {
                errors.Add(path is null ? name : $"{path}.{name}", "is needed");
            }

            return errors.ToException();
        }

        return failure.Message.Contains("could not be converted", StringComparison.Ordinal) || failure.InnerException is FormatException or InvalidOperationException
            ? FieldErrors.Single(path ?? "body", $"does not have the type or form that it should ({place})")
            : new FanHubException(ErrorCodes.Invalid, $"The body is not JSON: it breaks at {place}.");
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        WireJson.Apply(options);
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new JsonStringEnumConverter<TallyVisibility>(namingPolicy: null, allowIntegerValues: false));
        options.Converters.Add(new JsonStringEnumConverter<AnnouncementSeverity>(namingPolicy: null, allowIntegerValues: false));
        options.Converters.Add(new JsonStringEnumConverter<QuizScoring>(namingPolicy: null, allowIntegerValues: false));
        options.Converters.Add(new JsonStringEnumConverter<QuizPace>(namingPolicy: null, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>Reads moments that say which clock they are on; a local time would mean another moment on another server.</summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            // Without a message of its own, the exception gets one with the path.
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException();
            var time = text.IndexOf('T', StringComparison.Ordinal);
            var zoned = time > 0 && (text.EndsWith('Z') || text.AsSpan(time).IndexOfAny('+', '-') > 0);
            return zoned && reader.TryGetDateTimeOffset(out var moment) ? moment.WholeMs() : throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}

/// <summary>The bytes of a request's body, read once and kept for as long as the request lasts.</summary>
internal static class RequestBody
{
    /// <summary>The largest body that the admin API takes.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly object Key = new();

    /// <summary>Reads the body.</summary>
    /// <exception cref="FanHubException"><c>too_large</c>.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        if (context.Items.TryGetValue(Key, out var known))
        {
            return (ReadOnlyMemory<byte>)known!;
        }

        var bytes = await ReadOnceAsync(context.Request, context.RequestAborted);
        context.Items[Key] = bytes;
        return bytes;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadOnceAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            throw TooLarge();
        }

        var output = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await request.Body.ReadAsync(output.GetMemory(4096), cancellationToken);
            if (read == 0)
            {
                return output.WrittenMemory;
            }

            output.Advance(read);
            if (output.WrittenCount > MaxBytes)
            {
                throw TooLarge();
            }
        }
    }

    private static FanHubException TooLarge() => new(ErrorCodes.TooLarge, $"A body may have at most {MaxBytes / 1024} KiB.");
}
