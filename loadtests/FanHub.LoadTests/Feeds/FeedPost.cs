using System.IO.Compression;
using System.Text;

namespace FanHub.LoadTests.Feeds;

/// <summary>What a message is about.</summary>
internal enum FeedDocument
{
    /// <summary>A unit's result.</summary>
    Result,

    /// <summary>An event's medallists.</summary>
    Medallists,
}

/// <summary>A message, ready to be sent.</summary>
/// <param name="Document">What it is about.</param>
/// <param name="Step">Which version, and when.</param>
/// <param name="Body">Its bytes as they are sent.</param>
/// <param name="Bytes">How many it has uncompressed.</param>
internal sealed record FeedPost(FeedDocument Document, FeedStep Step, byte[] Body, int Bytes)
{
    /// <summary>Makes one.</summary>
    public static FeedPost Of(FeedDocument document, FeedStep step, string xml, bool plain)
    {
        var bytes = Encoding.UTF8.GetBytes(xml);
        if (plain)
        {
            return new FeedPost(document, step, bytes, bytes.Length);
        }

        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return new FeedPost(document, step, compressed.ToArray(), bytes.Length);
    }
}

/// <summary>Everything that a run sends, written before it begins.</summary>
internal sealed class FeedScript
{
    private FeedScript(IReadOnlyList<FeedUnit> units, IReadOnlyList<FeedPost> startLists, IReadOnlyList<FeedPost> results, IReadOnlyList<FeedPost> medals, IReadOnlyList<FeedPost> withdrawals) =>
        (Units, StartLists, Results, Medals, Withdrawals) = (units, startLists, results, medals, withdrawals);

    /// <summary>The units.</summary>
    public IReadOnlyList<FeedUnit> Units { get; }

    /// <summary>A start list for each unit, and medallists that do not count yet, so that all channels are there.</summary>
    public IReadOnlyList<FeedPost> StartLists { get; }

    /// <summary>The results, in the order in which they are due.</summary>
    public IReadOnlyList<FeedPost> Results { get; }

    /// <summary>The medallists of each unit's event.</summary>
    public IReadOnlyList<FeedPost> Medals { get; }

    /// <summary>Takes everything away.</summary>
    public IReadOnlyList<FeedPost> Withdrawals { get; }

    /// <summary>Writes it.</summary>
    /// <param name="load">How it is to be.</param>
    /// <param name="run">Up to eight letters or digits that no other run has.</param>
    /// <param name="begin">What the feed's clock shows at the start.</param>
    public static FeedScript Write(FeedLoad load, string run, DateTimeOffset begin)
    {
        var steps = FeedPlan.Make(load.UnitCount, load.Rate, load.Seconds + FeedLoad.WarmUpSeconds);
        var units = Enumerable.Range(0, load.UnitCount).Select(n => new FeedUnit(run, n, load.Organisations)).ToArray();
        var starts = new FeedPost[units.Length];
        var medals = new FeedPost[units.Length];
        var withdrawals = new FeedPost[units.Length * 2];
        var posts = new FeedPost[steps.Count];
        FeedPost? first = null;
        var end = begin.AddSeconds(load.Seconds + FeedLoad.WarmUpSeconds + 1);
        Parallel.ForEach(steps.Select((step, index) => (Step: step, Index: index)).GroupBy(s => s.Step.Unit), versions =>
        {
            var unit = units[versions.Key];
            var xml = new FeedXml(run, load.Flag, unit);
            xml.Fill(load.Bytes);
            starts[unit.Number] = Post(FeedDocument.Result, At(FeedPlan.StartList, FeedStatus.StartList), s => xml.Result(s.Version, s.Status, begin));
            if (unit.Number == 0)
            {
                first = Post(FeedDocument.Medallists, At(1, FeedStatus.Unofficial), s => xml.Medallists(s.Version, s.Status, begin));
            }

            var last = 0;
            foreach (var (step, index) in versions)
            {
                xml.Move();
                posts[index] = Post(FeedDocument.Result, step, s => xml.Result(s.Version, s.Status, begin.AddSeconds(s.Due)));
                last = step.Version;
            }

            medals[unit.Number] = Post(FeedDocument.Medallists, At(2, FeedStatus.Official), s => xml.Medallists(s.Version, s.Status, end));
            withdrawals[unit.Number] = Post(FeedDocument.Medallists, At(2, FeedStatus.Official), s => xml.Invalidation(medallists: true, s.Version, s.Status, end));
            withdrawals[units.Length + unit.Number] = Post(FeedDocument.Result, At(last, FeedStatus.Official), s => xml.Invalidation(medallists: false, s.Version, s.Status, end));

            FeedStep At(int version, string status) => new(unit.Number, version, status, 0);
            FeedPost Post(FeedDocument document, FeedStep step, Func<FeedStep, string> write) => FeedPost.Of(document, step, write(step), load.Plain);
        });
        return new FeedScript(units, [first!, .. starts], posts, medals, withdrawals);
    }
}
