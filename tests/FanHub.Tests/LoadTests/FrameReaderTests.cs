using System.Text;
using FanHub.LoadTests.Sockets;

namespace FanHub.Tests.LoadTests;

public sealed class FrameReaderTests : IFrameHandler
{
    private readonly List<string> _heard = [];
    private readonly FrameReader _reader;

    public FrameReaderTests() => _reader = new FrameReader(this);

    [Fact]
    public void Whole_frames_are_messages()
    {
        Read([.. Frame(0x81, "one"), .. Frame(0x81, new string('x', 300)), .. Frame(0x81, new string('y', 70_000))]);

        _heard.ShouldBe(["one", new string('x', 300), new string('y', 70_000)]);
        _reader.Fragments.ShouldBe(0);
        _reader.IsBetweenMessages.ShouldBeTrue();
    }

    [Fact]
    public void Frames_that_come_byte_by_byte_are_the_same_messages()
    {
        foreach (var one in (byte[])[.. Frame(0x81, "one"), .. Frame(0x81, new string('x', 300)), .. Frame(0x81, "")])
        {
            Read([one]);
        }

        _heard.ShouldBe(["one", new string('x', 300), ""]);
        _reader.IsBetweenMessages.ShouldBeTrue();
    }

    [Fact]
    public void Fragments_are_put_together_and_counted_with_a_ping_between_them()
    {
        Read([.. Frame(0x01, "on"), .. Frame(0x89, "there?"), .. Frame(0x00, "e ")]);
        _heard.ShouldBe(["ping there?"]);
        _reader.IsBetweenMessages.ShouldBeFalse();

        Read(Frame(0x80, "two"));

        _heard.ShouldBe(["ping there?", "one two"]);
        _reader.Fragments.ShouldBe(3);
    }

    [Fact]
    public void A_close_is_told_with_its_code()
    {
        Read([0x88, 4, 0x03, 0xe9, (byte)'b', (byte)'y']);

        _heard.ShouldBe(["closing 1001 by"]);
    }

    [Theory]
    [InlineData(0x81, 0x80)]
    [InlineData(0xc1, 0x00)]
    [InlineData(0x80, 0x00)]
    [InlineData(0x83, 0x00)]
    public void What_a_server_may_not_send_is_refused(byte first, byte second) => Should.Throw<InvalidDataException>(() => Read([first, second]));

    [Fact]
    public void A_message_within_another_is_refused()
    {
        Read(Frame(0x01, "on"));

        Should.Throw<InvalidDataException>(() => Read(Frame(0x81, "two")));
    }

    void IFrameHandler.Message(ReadOnlySpan<byte> message, long arrivedAt) => _heard.Add(Encoding.UTF8.GetString(message));

    void IFrameHandler.Ping(ReadOnlySpan<byte> payload) => _heard.Add($"ping {Encoding.UTF8.GetString(payload)}");

    void IFrameHandler.Closing(int code, string reason) => _heard.Add($"closing {code} {reason}");

    private static byte[] Frame(byte head, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length switch
        {
            < 126 => [head, (byte)bytes.Length, .. bytes],
            <= ushort.MaxValue => [head, 126, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes],
            _ => [head, 127, 0, 0, 0, 0, (byte)(bytes.Length >> 24), (byte)(bytes.Length >> 16), (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes],
        };
    }

    private void Read(byte[] bytes) => _reader.Read(bytes, arrivedAt: 0);
}
