namespace FanHub.Tests.Server.Results.Model;

/// <summary>Makes feeds up: the same seed makes the same feed.</summary>
internal sealed class FeedGenerator
{
    private readonly Random _random;
    private readonly World _world;
    private readonly TableGenerator _tables;
    private readonly ListGenerator _lists;

    private FeedGenerator(int seed, int world)
    {
        _random = new Random(seed);
        _world = new World(_random, world);
        _tables = new TableGenerator(_random, _world);
        _lists = new ListGenerator(_random, _world);
    }

    /// <summary>What arrives, in the order in which it does.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="world">Feeds about different worlds do not meet, but for the organisations.</param>
    public static IReadOnlyList<Letter> Feed(int seed, int world = 0)
    {
        var generator = new FeedGenerator(seed, world);
        var documents = generator.Documents().Select(versions => new Queue<Letter>(generator.Disturbed(versions))).Where(q => q.Count > 0).ToList();
        return generator.Delivered(generator.Interleaved(documents));
    }

    /// <summary>For each document its messages as they were sent.</summary>
    private IEnumerable<List<Letter>> Documents()
    {
        // With only a few subjects there is more about each of them.
        foreach (var subject in _world.Subjects.OrderBy(_ => _random.Next()).Take(_random.Next(1, 9)))
        {
            var last = _random.Next(1, 6);
            var moments = Moments(last);
            var bodies = subject.Languages.Select(_ => new List<Letter>()).ToList();
            var status = 0;
            for (var version = 1; version <= last; version++)
            {
                // A gap in the versions means nothing.
                if (_random.Next(8) == 0)
                    continue;
                status = Math.Min(status + _random.Next(3), TableGenerator.Statuses.Length - 1);
                var said = _tables.Next(subject, TableGenerator.Statuses[_random.Next(6) == 0 ? _random.Next(TableGenerator.Statuses.Length) : status]);
                for (var i = 0; i < bodies.Count; i++)
                {
                    // One language may be late, or miss a version.
                    if (_random.Next(6) == 0 && bodies.Count > 1)
                        continue;
                    bodies[i].AddRange(Versions(said(subject.Languages[i]) with { Version = version, Time = moments[version - 1] }, said(subject.Languages[i])));
                }
            }

            foreach (var letters in bodies)
                yield return letters;
        }

        foreach (var letters in _lists.Documents())
            yield return letters.ToList();
    }

    // Mostly later than the version before, but no rule says so.
    private List<DateTime> Moments(int count)
    {
        var at = new DateTime(2030, 7, 31, 20, 0, 0).AddMinutes(_random.Next(300));
        return [.. Enumerable.Range(0, count).Select(_ => at = at.AddSeconds(_random.Next(10) == 0 ? -_random.Next(1, 90) : _random.Next(1, 900)))];
    }

    // The same version from another source too, at times.
    private IEnumerable<Letter> Versions(Letter letter, Letter other)
    {
        yield return letter;
        if (_random.Next(10) == 0)
            yield return other with { Version = letter.Version, Time = letter.Time.AddSeconds(1), Source = "B" };
    }

    /// <summary>Takes versions back, and adds what goes wrong.</summary>
    private IEnumerable<Letter> Disturbed(List<Letter> versions)
    {
        foreach (var letter in versions)
        {
            if (_random.Next(25) == 0)
                yield return letter with { Fault = Fault.CutShort };
            if (_random.Next(60) == 0)
                yield return letter with { Fault = (Fault)_random.Next((int)Fault.DeclaresType, (int)Fault.NoXml + 1) };
            if (_random.Next(25) == 0)
                yield return letter with { Flag = 'T', Version = letter.Version + _random.Next(2) };
            // A message may get lost for good.
            if (_random.Next(30) > 0)
                yield return letter;
            if (_random.Next(6) == 0)
                yield return letter with { Body = null, Time = letter.Time.AddMinutes(4), Note = _random.Next(2) == 0 ? "Withdrawn." : null };
        }
    }

    private List<Letter> Interleaved(List<Queue<Letter>> documents)
    {
        List<Letter> sent = [];
        while (documents.Count > 0)
        {
            var next = documents[_random.Next(documents.Count)];
            sent.Add(next.Dequeue());
            if (next.Count == 0)
                documents.Remove(next);
        }

        return sent;
    }

    private IReadOnlyList<Letter> Delivered(List<Letter> sent)
    {
        for (var i = sent.Count; i > 0; i--)
        {
            if (_random.Next(8) == 0)
                sent.Insert(_random.Next(sent.Count + 1), sent[_random.Next(sent.Count)]);
        }

        return _random.Next(4) switch
        {
            0 => sent,
            1 => [.. sent.OrderBy(_ => _random.Next())],
            _ => [.. sent.Select((letter, i) => (letter, Arrives: i + (_random.NextDouble() * 6))).OrderBy(x => x.Arrives).Select(x => x.letter)],
        };
    }
}
