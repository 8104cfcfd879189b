using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Feed;
using Microsoft.AspNetCore.Http;

namespace FanHub.Tests.Server.Results.Feed;

public sealed class FeedBodyTests
{
    private const int Max = 10 * 1024 * 1024;

    [Fact]
    public async Task Two_hundred_megabytes_in_a_small_gzip_are_given_up_at_the_bound_in_little_memory()
    {
        var bomb = FeedSender.Bomb(200);
        bomb.Length.ShouldBeLessThan(300_000);
        // Damaged beyond the bound: who reads on meets that, and says something else.
        bomb.AsSpan(bomb.Length / 2, 1000).Fill(0xff);
        // In memory all of it happens on this thread, which makes the figure exact. The first time, code is compiled.
        await RefusedAsync(bomb, gzip: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = await RefusedAsync(bomb, gzip: true);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1024 * 1024);
        refused.Code.ShouldBe(ErrorCodes.TooLarge);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_bound_itself_is_taken_and_one_byte_more_is_not(bool gzip)
    {
        var xml = FeedSender.Bytes(FeedSender.Xml(new string('x', 100_000)));
        var body = gzip ? FeedSender.Gzip(xml) : xml;
        var read = await FeedBody.ReadAsync(new MemoryStream(body), gzip, xml.Length, CancellationToken.None);
        read.Size.ShouldBe(xml.Length);
        FeedSender.Unzip(read.Content).ShouldBe(xml);
        (await RefusedAsync(body, gzip, xml.Length - 1)).Code.ShouldBe(ErrorCodes.TooLarge);
    }

    [Fact]
    public async Task Gzip_that_grows_when_compressed_is_bounded_as_it_comes_too()
    {
        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        (await RefusedAsync(noise, gzip: true, max: 50_000)).Code.ShouldBe(ErrorCodes.TooLarge);
    }

    [Fact]
    public async Task Gzip_is_kept_as_it_came()
    {
        var body = FeedSender.Gzip(FeedSender.Bytes(FeedSender.Xml()));
        (await FeedBody.ReadAsync(new MemoryStream(body), gzip: true, Max, CancellationToken.None)).Content.ShouldBe(body);
    }

    [Fact]
    public async Task Gzip_that_lacks_any_of_its_last_bytes_is_refused()
    {
        var body = FeedSender.Gzip(FeedSender.Bytes(FeedSender.Xml(string.Concat(Enumerable.Range(0, 300)))));
        for (var length = 0; length < body.Length; length++)
        {
            var refused = await RefusedAsync(body[..length], gzip: true);
            refused.Code.ShouldBe(ErrorCodes.Invalid);
            refused.Message.ShouldContain("cut short", customMessage: $"{length} of {body.Length}");
        }
    }

    [Fact]
    public async Task Gzip_that_was_damaged_anywhere_is_refused()
    {
        var body = FeedSender.Gzip(FeedSender.Bytes(FeedSender.Xml(string.Concat(Enumerable.Range(0, 300)))));
        // What is before the tenth byte is about the file that it came from.
        for (var at = 10; at < body.Length; at++)
        {
            var damaged = body.ToArray();
            damaged[at] ^= 0x10;
            (await RefusedAsync(damaged, gzip: true)).Code.ShouldBe(ErrorCodes.Invalid, $"{at} of {body.Length}");
        }

        (await RefusedAsync([.. body, 1, 2, 3, 4, 5], gzip: true)).Code.ShouldBe(ErrorCodes.Invalid);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_header_is_found_whatever_pieces_the_body_comes_in(bool gzip)
    {
        var xml = FeedSender.Bytes(FeedSender.Xml($"é{new string('x', 200_000)}ü"));
        var read = await FeedBody.ReadAsync(new Dripping(gzip ? FeedSender.Gzip(xml) : xml), gzip, Max, CancellationToken.None);
        read.Header.Source.ShouldBe("PDLSWM1");
        FeedSender.Unzip(read.Content).ShouldBe(xml);
    }

    [Fact]
    public async Task A_header_that_does_not_begin_soon_is_refused()
    {
        var xml = FeedSender.Bytes($"<!--{new string('x', FeedBody.HeaderWithin)}-->{FeedSender.Xml()[40..]}");
        (await RefusedAsync(xml, gzip: false)).Code.ShouldBe(ErrorCodes.Invalid);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("identity", false)]
    [InlineData("gzip", true)]
    [InlineData("GZip", true)]
    [InlineData("x-gzip", true)]
    [InlineData("br", null)]
    [InlineData("gzip, gzip", null)]
    [InlineData("deflate", null)]
    public void Only_gzip_is_undone(string coding, bool? gzip)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.ContentEncoding = coding;
        if (gzip is null)
        {
            Should.Throw<BadHttpRequestException>(() => FeedBody.IsGzip(request)).StatusCode.ShouldBe(415);
        }
        else
        {
            FeedBody.IsGzip(request).ShouldBe(gzip.Value);
        }
    }

    private static Task<FanHubException> RefusedAsync(byte[] body, bool gzip, int max = Max) =>
        ShouldThrowAsync(() => FeedBody.ReadAsync(new MemoryStream(body), gzip, max, CancellationToken.None));

    private static async Task<FanHubException> ShouldThrowAsync(Func<Task<FeedBody>> read)
    {
        try
        {
            await read();
        }
        catch (FanHubException refused)
        {
            return refused;
        }

        throw new ShouldAssertException("It was taken.");
    }

    /// <summary>Comes in pieces of one to seven bytes.</summary>
    private sealed class Dripping(byte[] bytes) : MemoryStream(bytes)
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, (_next++ % 7) + 1)], cancellationToken);
    }
}
