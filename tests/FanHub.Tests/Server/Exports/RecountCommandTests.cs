using FanHub.Server.Exports;
using FanHub.Server.Exports.Recount;

namespace FanHub.Tests.Server.Exports;

public sealed class RecountCommandTests
{
    [Theory]
    [InlineData("Which file?")]
    [InlineData("One file at a time.", "a.json", "b.json")]
    [InlineData("--receipt needs a receipt.", "a.json", "--receipt")]
    [InlineData("'short' is not a receipt", "a.json", "--receipt", "short")]
    [InlineData("There is no option --force.", "a.json", "--force")]
    public void Wrong_usage_is_explained(string says, params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        RecountCommand.Run(arguments, output, errors).ShouldBe(2);
        errors.ToString().ShouldStartWith(says);
        errors.ToString().ShouldContain("FanHub.Server recount <file> [--receipt <receipt>]");
        output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        RecountCommand.Run(["/nowhere/export.json"], output, errors).ShouldBe(2);
        errors.ToString().ShouldStartWith("/nowhere/export.json cannot be read.");
    }

    [Fact]
    public void Help_is_no_mistake()
    {
        using var output = new StringWriter();
        RecountCommand.Run(["--help"], output, TextWriter.Null).ShouldBe(0);
        output.ToString().ShouldContain("--receipt");
    }

    [Theory]
    [InlineData("predictions.athletics.mens-100m", "fanhub-leaderboard-predictions.athletics.mens-100m.csv")]
    [InlineData("a/b\"c\r\n", "fanhub-leaderboard-a_b_c__.csv")]
    public void A_files_name_has_nothing_in_it_that_means_something_elsewhere(string id, string name) =>
        ExportAnswer.FileName(new ExportHead { Kind = "leaderboard", Id = id, Channel = "c", ExportedAt = default }, "csv").ShouldBe(name);

    [Fact]
    public void The_recount_shares_no_code_with_what_it_checks()
    {
        var folder = FanHub.Testing.Repository.PathOf("src", "FanHub.Server", "Exports", "Recount");
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.ReadLines(file).Where(l => l.StartsWith("using ", StringComparison.Ordinal)).ShouldAllBe(l => l.StartsWith("using System", StringComparison.Ordinal), file);
        }
    }

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    public void The_examples_in_the_documentation_are_right(string format)
    {
        var page = File.ReadAllText(FanHub.Testing.Repository.PathOf("docs", "recount.md"));
        var recounted = page.Split($"```{format}\n")[1].Split("\n```")[0].ShouldBeRight("--receipt", "kBf3Xw1nQ0uJ7yLrT2aE");
        page.ShouldContain(recounted.Output.TrimEnd());
    }
}
