using System.Globalization;
using System.IO.Compression;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Feed;

/// <summary>Gives a message as it came, uncompressed, to be saved to a file.</summary>
internal static class GetFeedContent
{
    /// <summary>Asks for it.</summary>
    internal sealed record Query(string Id) : IRequest<FeedContent>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db) : IRequestHandler<Query, FeedContent>
    {
        /// <inheritdoc />
        public async Task<FeedContent> Handle(Query request, CancellationToken cancellationToken)
        {
            var id = FindMessages.Number(request.Id);
            return await db.Set<FeedMessage>().AsNoTracking().Where(m => m.Id == id).Select(m => new FeedContent(m.Id, m.Feed, m.Content, m.Size)).SingleOrDefaultAsync(cancellationToken)
                ?? throw FindMessages.NoSuchMessage();
        }
    }
}

/// <summary>A message's content as an answer. Browsers save it and do not show it: somebody else wrote it.</summary>
/// <param name="Id">The message.</param>
/// <param name="Feed">Where it came from.</param>
/// <param name="Content">It, compressed with gzip.</param>
/// <param name="Size">How many bytes it has uncompressed.</param>
internal sealed record FeedContent(long Id, string Feed, byte[] Content, int Size) : IResult
{
    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var json = string.Equals(Feed, FeedNames.Editors, StringComparison.Ordinal);
        var response = httpContext.Response;
        response.ContentType = json ? "application/json" : "application/xml";
        response.ContentLength = Size;
        response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"message-{Id}.{(json ? "json" : "xml")}\"");
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        await using var content = new GZipStream(new MemoryStream(Content, writable: false), CompressionMode.Decompress);
        await content.CopyToAsync(response.Body, httpContext.RequestAborted);
    }
}
