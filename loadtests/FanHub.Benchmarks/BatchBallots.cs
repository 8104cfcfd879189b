using BenchmarkDotNet.Attributes;
using FanHub.LoadTests.Voting;

namespace FanHub.Benchmarks;

/// <summary>Ballots of one moment become a batch: what it costs to gather them and to pack them, without a store behind.</summary>
public class BatchBallots
{
    private BallotWork _work = null!;

    /// <summary>How many ballots.</summary>
    [Params(1, 64, 512)]
    public int Ballots { get; set; }

    /// <summary>Prepares the ballots.</summary>
    [GlobalSetup]
    public void Prepare() => _work = new BallotWork(Ballots);

    /// <summary>Packs them as the script takes them.</summary>
    [Benchmark]
    public int Pack() => _work.Pack();

    /// <summary>Casts them, each on its own, through the batcher.</summary>
    [Benchmark]
    public Task CastAsync() => _work.CastAsync();
}
