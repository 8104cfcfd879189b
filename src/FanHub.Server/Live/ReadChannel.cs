using System.Buffers;
using System.Text;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using Microsoft.Net.Http.Headers;

namespace FanHub.Server.Live;

/// <summary><c>GET /api/v1/channels/{channel}</c>: the snapshot that everybody may see, for caches to carry.</summary>
internal static class ReadChannel
{
    /// <summary>Maps the endpoint.</summary>
    public static void MapReadChannel(this IEndpointRouteBuilder app) => app
        .MapGet("/api/v1/channels/{channel}", HandleAsync)
        .WithTags("Channels")
        .WithSummary("The channel's items")
        .WithDescription("What everybody may see of a channel, in the language asked for, true at the epoch and offset given; Follow takes over from there.")
        .Produces<ChannelSnapshot>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .AllowAnonymous();

    private static async Task<IResult> HandleAsync(string channel, string? locale, HttpContext context, ChannelRelay relay, CancellationToken cancellationToken)
    {
        LiveLocale.ThrowIfInvalid(locale);
        var (head, items) = await relay.SnapshotAsync(channel, locale, cancellationToken) ?? throw new FanHubException(ErrorCodes.NotFound, "There is no such channel.");
        var headers = context.Response.GetTypedHeaders();
        headers.ETag = new EntityTagHeaderValue($"\"{head.Epoch}-{head.Revision}-{locale?.ToLowerInvariant()}\"");
        headers.CacheControl = new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromSeconds(1) };
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(headers.ETag, useStrongComparison: false)))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        return TypedResults.Bytes(Body(channel, head, items), "application/json; charset=utf-8");
    }

    private static ReadOnlyMemory<byte> Body(string channel, ChannelHead head, IReadOnlyList<ReadOnlyMemory<byte>> items)
    {
        var body = new ArrayBufferWriter<byte>(128 + items.Sum(i => i.Length + 1));
        body.Write(Encoding.UTF8.GetBytes($$"""{"channel":"{{channel}}","epoch":"{{head.Epoch}}","offset":{{head.Offset}},"items":["""));
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                body.Write(","u8);
            }

            body.Write(items[i].Span);
        }

        body.Write("]}"u8);
        return body.WrittenMemory;
    }
}
