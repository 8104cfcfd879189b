using FanHub.Server.Exports;
using FanHub.Server.Exports.Recount;

namespace FanHub.Tests.Server.Exports;

public sealed class CsvCellTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("Ann Bee", "\"Ann Bee\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("say \"so\"", "\"say \"\"so\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-a", "'-a")]
    [InlineData("a-b", "a-b")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "\"'\t'=1\"")]
    [InlineData("\r=1", "\"'\r'=1\"")]
    [InlineData("\n=1", "\"\n'=1\"")]
    [InlineData("'quoted", "''quoted")]
    [InlineData("'=1", "''=1")]
    [InlineData("it's", "it's")]
    [InlineData("a;=1", "\"a;'=1\"")]
    [InlineData("a;'=1", "\"a;''=1\"")]
    [InlineData("a\"=1", "\"a\"\"'=1\"")]
    [InlineData("\uFF1D1+1", "'\uFF1D1+1")]
    [InlineData("안녕", "안녕")]
    public void A_cell_is_no_formula_and_reads_back(string text, string cell)
    {
        CsvCell.Of(text).ShouldBe(cell);
        ReadBack($"{cell},{cell}\r\n").ShouldHaveSingleItem().ShouldBe([text, text]);
    }

    [Fact]
    public void Any_text_reads_back()
    {
        var random = new Random(5);
        const string risky = "=+-@\t\r\n'\";,ab \uFF1D";
        for (var i = 0; i < 5_000; i++)
        {
            List<string> cells = [.. Enumerable.Range(0, 3).Select(_ => new string([.. Enumerable.Range(0, random.Next(6)).Select(_ => risky[random.Next(risky.Length)])]))];
            ReadBack($"{string.Join(',', cells.Select(CsvCell.Of))}\r\n").ShouldHaveSingleItem().ShouldBe(cells);
        }
    }

    [Theory]
    [InlineData("a,b\nc,d\n")]
    [InlineData("a,b\r\nc,d")]
    [InlineData("\"a\",\"b\"\r\n\"c\",d\n")]
    public void Lines_end_in_one_way_or_the_other(string csv) => ReadBack(csv).ShouldBe([["a", "b"], ["c", "d"]]);

    private static List<List<string>> ReadBack(string csv)
    {
        var lines = new CsvLines(new StringReader(csv));
        var all = new List<List<string>>();
        while (lines.Read() is { } cells)
        {
            all.Add(cells);
        }

        return all;
    }
}
