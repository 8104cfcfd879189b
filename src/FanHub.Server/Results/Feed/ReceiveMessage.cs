using FanHub.Contracts;
using FanHub.Server.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Results.Feed;

/// <summary>What a feed is told when its message is stored.</summary>
/// <param name="Message">The number that it is stored under.</param>
internal sealed record FeedReceipt(long Message);

/// <summary>
/// <c>POST /api/v1/feeds/odf</c>: takes a message in. 200 means that it is on the disk; what comes of it is told to editors. A message that could never be dealt with is refused, and
/// nothing of it is kept.
/// </summary>
internal static partial class ReceiveMessage
{
    // The server's own limits see to a minimum of bytes per second; this one to an end.
    private static readonly TimeSpan ReadWithin = TimeSpan.FromMinutes(2);

    /// <summary>Maps it.</summary>
    public static void MapReceiveMessage(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/feeds/odf", Receive).WithTags("Feeds").Gives<FeedReceipt>(200, 400, 404, 413, 415)
            .WithSummary("Takes a message of the results feed: XML, gzip allowed, with the feed's key in X-API-KEY. 200 means that it is stored; anything else: send it again, unless the text says why that is no use.");

    private static async Task<IResult> Receive(
        HttpContext context, FeedGate gate, FeedInbox inbox, IOptions<FeedOptions> options, TimeProvider time, ILogger<FeedInbox> logger, CancellationToken cancellationToken)
    {
        gate.Check(context.Request);
        inbox.RequireReady();
        try
        {
            var gzip = FeedBody.IsGzip(context.Request);
            using var room = await gate.EnterAsync(cancellationToken);
            var body = await ReadAsync(context, gzip, options.Value.MaxMessageBytes, time, cancellationToken);
            RequireFlag(body.Header.FeedFlag, options.Value.Flag);
            return Answer.Ok(new FeedReceipt(await inbox.StoreAsync(Message(body, time.NowMs()), cancellationToken)));
        }
        catch (Exception refused) when (refused is FanHubException or BadHttpRequestException)
        {
            // Nothing of it is kept, so this line is all that operators have to go by.
            LogRefused(logger, refused.Message);
            throw;
        }
    }

    private static async Task<FeedBody> ReadAsync(HttpContext context, bool gzip, int maxBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        if (context.Request.ContentLength > maxBytes)
        {
            throw FeedBody.TooLarge(maxBytes);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = maxBytes;
        }

        using var end = new TimeLimit(ReadWithin, time, cancellationToken);
        try
        {
            return await FeedBody.ReadAsync(context.Request.Body, gzip, maxBytes, end.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body took too long to come.", StatusCodes.Status408RequestTimeout, late);
        }
    }

    private static void RequireFlag(char flag, string accepted)
    {
        if (accepted[0] != flag)
        {
            throw new FanHubException(ErrorCodes.Forbidden, $"This feed takes {Describe(accepted[0])}, and this message is one of {Describe(flag)}.");
        }

        static string Describe(char flag) => flag == 'P' ? "production messages (FeedFlag P)" : "test messages (FeedFlag T)";
    }

    private static FeedMessage Message(FeedBody body, DateTimeOffset now) => new()
    {
        Feed = FeedNames.Odf,
        ReceivedAt = now,
        Content = body.Content,
        Size = body.Size,
        DocumentKey = body.Header.DocumentKey,
        DocumentType = body.Header.DocumentType,
        DocumentCode = body.Header.DocumentCode,
        Version = body.Header.Version,
        Source = body.Header.Source,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A feed message was not taken in: {Why}")]
    private static partial void LogRefused(ILogger logger, string why);
}
