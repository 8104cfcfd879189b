using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using FanHub.LoadTests.Measuring;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Feeds;

/// <summary>
/// Sends messages as a feed does: one request each, each at its time, over a bounded number of connections, and again where it was not answered 200. The times of what is told
/// to be due later do not move where answers take long: how late requests begin is measured.
/// </summary>
internal sealed class FeedSender : IDisposable
{
    private const int Attempts = 8;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http;
    private readonly FeedLoad _load;
    private int _resent;

    /// <summary>Nothing is sent yet.</summary>
    public FeedSender(FeedLoad load)
    {
        _load = load;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = load.Senders }) { Timeout = AnswerLimit };
        _http.DefaultRequestHeaders.Add("X-API-KEY", load.Key);
    }

    /// <summary>How long answers took, of what is measured.</summary>
    public Histogram Answers { get; } = new();

    /// <summary>How much later than they were due requests began, of what is measured.</summary>
    public Histogram Late { get; } = new();

    /// <summary>How often a message had to be sent again.</summary>
    public int Resent => Volatile.Read(ref _resent);

    /// <summary>Sends messages that are in the order in which they are due.</summary>
    /// <param name="posts">The messages.</param>
    /// <param name="dueOf">When one is to be sent, in seconds from now.</param>
    /// <param name="isMeasured">Whether its answer is measured.</param>
    /// <param name="begins">Called before each is sent for the first time.</param>
    /// <param name="taken">Called after each that was answered 200.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why messages were not taken, one line each; empty where all were.</returns>
    public async Task<IReadOnlyList<string>> SendAsync(
        IReadOnlyList<FeedPost> posts, Func<int, double> dueOf, Func<int, bool> isMeasured, Action<FeedPost> begins, Action<FeedPost> taken, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        var failures = new List<string>();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, _load.Senders).Select(SendSomeAsync));
        return failures;

        async Task SendSomeAsync(int sender)
        {
            var address = new Uri(_load.Nodes[sender % _load.Nodes.Count], "api/v1/feeds/odf");
            while (Interlocked.Increment(ref next) is var index && index < posts.Count)
            {
                var due = TimeSpan.FromSeconds(dueOf(index));
                if (due - Stopwatch.GetElapsedTime(begin) is { Ticks: > 0 } early)
                {
                    await Task.Delay(early, cancellationToken);
                }

                var sentAt = Stopwatch.GetTimestamp();
                begins(posts[index]);
                var failure = await SendAsync(address, posts[index], cancellationToken);
                if (isMeasured(index))
                {
                    Answers.Add(Stopwatch.GetElapsedTime(sentAt));
                    Late.Add(Stopwatch.GetElapsedTime(begin, sentAt) - due);
                }

                if (failure is null)
                {
                    taken(posts[index]);
                    continue;
                }

                lock (failures)
                {
                    failures.Add(failure);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string?> SendAsync(Uri address, FeedPost post, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (failure, isFinal) = await SendOnceAsync(address, post, cancellationToken);
            if (failure is null || isFinal || attempt == Attempts)
            {
                return failure;
            }

            Interlocked.Increment(ref _resent);
            await Task.Delay(FirstPause * Math.Min(1 << (attempt - 1), 20) * (0.5 + Random.Shared.NextDouble()), cancellationToken);
        }
    }

    private async Task<(string? Failure, bool IsFinal)> SendOnceAsync(Uri address, FeedPost post, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(post.Body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
            if (!_load.Plain)
            {
                request.Content.Headers.ContentEncoding.Add("gzip");
            }

            using var response = await _http.SendAsync(request, cancellationToken);
            if (response.StatusCode is HttpStatusCode.OK)
            {
                return (null, true);
            }

            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.Unauthorized => throw new LoadTestException("The feed's key is not the one that the server has (FanHub__Odf__ApiKey)."),
                HttpStatusCode.NotFound => throw new LoadTestException($"{address} was answered 404: start the server with FanHub__Odf__ApiKey, and let --feed-url be a node that serves editors."),
                HttpStatusCode.Forbidden => throw new LoadTestException($"The feed was refused (--feed-flag is to be what the server's FanHub__Odf__Flag is): {text}"),
                _ => ($"{(int)response.StatusCode}: {text}", (int)response.StatusCode is < 500 and not (408 or 429)),
            };
        }
        catch (HttpRequestException e)
        {
            return (e.Message, false);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ($"No answer within {AnswerLimit.TotalSeconds:0} s.", false);
        }
    }
}
