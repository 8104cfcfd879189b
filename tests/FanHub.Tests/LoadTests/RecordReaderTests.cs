using System.Text;
using FanHub.LoadTests.Sockets;

namespace FanHub.Tests.LoadTests;

public sealed class RecordReaderTests
{
    private readonly List<string> _records = [];
    private readonly RecordReader _reader;

    public RecordReaderTests() => _reader = new RecordReader((record, _) => _records.Add(Encoding.UTF8.GetString(record)));

    [Fact]
    public void One_record_in_a_message_is_even()
    {
        Read("a\u001e");
        Read("b\u001e");

        _records.ShouldBe(["a", "b"]);
        (_reader.Merged, _reader.Split).ShouldBe((0, 0));
    }

    [Fact]
    public void Several_records_in_a_message_are_told_apart_and_counted()
    {
        Read("a\u001eb\u001ec\u001e");

        _records.ShouldBe(["a", "b", "c"]);
        (_reader.Merged, _reader.Split).ShouldBe((1, 0));
    }

    [Fact]
    public void A_record_over_several_messages_is_put_together_and_counted()
    {
        Read("a\u001ehal");
        Read("f and ");
        Read("half\u001ec\u001e");

        _records.ShouldBe(["a", "half and half", "c"]);
        (_reader.Merged, _reader.Split).ShouldBe((1, 2));
    }

    private void Read(string message) => _reader.Read(Encoding.UTF8.GetBytes(message), arrivedAt: 0);
}
