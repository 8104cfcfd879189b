using FanHub.Testing;

namespace FanHub.EndToEnd;

/// <summary>From votes over the hub to the recount as a program of its own, on a file that was downloaded.</summary>
public sealed class RecountTests
{
    private const string Channel = "athletics.mens-100m";

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    public async Task Who_has_the_file_counts_it_again_and_finds_the_own_ballot(string format)
    {
        var folder = Directory.CreateTempSubdirectory("fanhub-recount-").FullName;
        var file = Path.Combine(folder, $"export.{format}");
        string[] receipts;
        string digest;
        await using (var server = await FanHubProcess.StartNewAsync())
        {
            using var editor = new EditorClient(server.Address);
            using var http = new HttpClient();
            await editor.PutChannelAsync(Channel);
            var poll = await editor.CreatePollAsync(Channel);
            await using var ann = await JourneyFan.JoinAsync(Channel, http, server.Address);
            await using var bea = await JourneyFan.JoinAsync(Channel, http, server.Address);
            await editor.TellPollAsync(poll, "open");
            receipts = [(await ann.VoteAsync(poll, "a", "s1")).Receipt, (await bea.VoteAsync(poll, "b", "s2")).Receipt];
            digest = (await editor.TellPollAsync(poll, "close")).GetProperty("result").GetProperty("digest").GetString()!;
            await using var saved = File.Create(file);
            await (await editor.Http.GetStreamAsync($"polls/{poll}/export?format={format}")).CopyToAsync(saved);
        }

        // The server is gone: the file is enough.
        var (code, output) = await RecountAsync(folder, file, "--receipt", receipts[0], "--receipt", receipts[1]);
        code.ShouldBe(0, output);
        output.ShouldContain("RECOUNT OK");
        output.ShouldContain($"digest {digest}");
        output.ShouldContain($"Receipt {receipts[0]}: a, ");
        output.ShouldContain($"Receipt {receipts[1]}: b, ");

        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, text.Replace(digest, new string('0', 64), StringComparison.Ordinal));
        (await RecountAsync(folder, file)).Code.ShouldBe(1);
        await File.WriteAllTextAsync(file, text[..(text.Length / 2)]);
        (await RecountAsync(folder, file)).Code.ShouldBe(2);
        (code, output) = await RecountAsync(folder);
        code.ShouldBe(2);
        output.ShouldContain("FanHub.Server recount <file>");

        // No server was made for it: no data directory, no key.
        Directory.EnumerateFileSystemEntries(folder).ShouldBe([file]);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<(int Code, string Output)> RecountAsync(string folder, params string[] arguments)
    {
        await using var recount = await ChildProcess.StartAsync("dotnet", [FanHubProcess.Program, "recount", .. arguments], workingDirectory: folder);
        return (await recount.WaitForExitAsync(TimeSpan.FromSeconds(30)), recount.Output);
    }
}
