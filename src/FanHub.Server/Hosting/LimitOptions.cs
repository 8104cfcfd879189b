using System.ComponentModel.DataAnnotations;

namespace FanHub.Server.Hosting;

/// <summary>Limits per fan and per address. Configuration section <c>FanHub:Limits</c>.</summary>
internal sealed class LimitOptions
{
    /// <summary>False turns all of these off, for load tests from one machine.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Calls of the hub that a fan may make, per second, in the long run: by default 10.</summary>
    [Range(0.1, 10_000)]
    public double CallsPerSecond { get; set; } = 10;

    /// <summary>Calls of the hub that a fan may make at once: by default 60.</summary>
    [Range(1, 100_000)]
    public int CallBurst { get; set; } = 60;

    /// <summary>Ballots that a fan may send, per second, in the long run: by default 1.</summary>
    [Range(0.01, 10_000)]
    public double BallotsPerSecond { get; set; } = 1;

    /// <summary>Ballots that a fan may send at once: by default 20.</summary>
    [Range(1, 100_000)]
    public int BallotBurst { get; set; } = 20;

    /// <summary>Taps that a fan may cheer with, per second, in the long run: by default 20. What goes beyond is dropped, not refused.</summary>
    [Range(0.1, 10_000)]
    public double CheersPerSecond { get; set; } = 20;

    /// <summary>Taps that a fan may cheer with at once: by default 40.</summary>
    [Range(1, 100_000)]
    public int CheerBurst { get; set; } = 40;

    /// <summary>Sessions that one address may ask for, per second, in the long run: by default 20. Whole stadiums share addresses.</summary>
    [Range(0.01, 100_000)]
    public double SessionsPerSecond { get; set; } = 20;

    /// <summary>Sessions that one address may ask for at once: by default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int SessionBurst { get; set; } = 1_000;

    /// <summary>Names that a fan may choose, per second, in the long run: by default 0.1.</summary>
    [Range(0.001, 10_000)]
    public double NamesPerSecond { get; set; } = 0.1;

    /// <summary>Names that a fan may choose at once: by default 5.</summary>
    [Range(1, 100_000)]
    public int NameBurst { get; set; } = 5;

    /// <summary>Fans of one address that may be forgotten, per second, in the long run: by default 0.2. Each is remembered for months.</summary>
    [Range(0.001, 10_000)]
    public double ForgetsPerSecond { get; set; } = 0.2;

    /// <summary>Fans of one address that may be forgotten at once: by default 100.</summary>
    [Range(1, 1_000_000)]
    public int ForgetBurst { get; set; } = 100;
}
