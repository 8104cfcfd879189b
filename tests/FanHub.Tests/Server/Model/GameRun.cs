using System.Globalization;

namespace FanHub.Tests.Server.Model;

/// <summary>What a story is about.</summary>
internal enum GameKind
{
    Polls,
    Predictions,
    Quizzes,
}

/// <summary>The server did something else than the model.</summary>
internal sealed class DifferenceException(string message) : Exception(message);

/// <summary>Plays a story to the server and to the model, and compares them after every step.</summary>
internal sealed partial class GameRun(Stage stage, GameKind kind, string channel)
{
    // Some next to each other, some far apart: stores keep them in blocks.
    private static readonly long[] Fans = [.. Enumerable.Range(0, 12).Select(i => 7_000_120L + i), .. Enumerable.Range(1, 12).Select(i => 8_000_000L + (i * 1000)), .. Enumerable.Range(1, 6).Select(i => (1L << 50) + (i * 7_919_777L))];

    private readonly List<ModelEntity> _entities = [];
    private readonly List<string> _story = [];
    private readonly List<KeyedRequest> _keyed = [];
    private readonly Dictionary<long, (int DelayMs, string? Locale)> _wishes = [];
    private readonly HashSet<long> _following = [];
    private int _keys;

    private string Resource => kind.ToString().ToLowerInvariant();

    /// <summary>What happened so far, a line a step.</summary>
    public IReadOnlyList<string> Story => _story;

    public async Task BeginAsync() =>
        (await stage.Editors.PutAsync($"channels/{channel}", new { title = new { en = channel }, defaultLocale = "en" })).Status.ShouldBe(201);

    /// <summary>Takes one step.</summary>
    /// <exception cref="DifferenceException">The server is not where the model is.</exception>
    public async Task DoAsync(ScriptedStep step)
    {
        var random = new Random(step.Seed);
        var at = stage.Now;
        _story.Add(string.Create(CultureInfo.InvariantCulture, $"{at:HH:mm:ss.fff} {step.Command}"));
        var touched = step.Command switch
        {
            Command.Create => await CreateAsync(random),
            Command.Edit => await EditAsync(random),
            Command.GoOn or Command.Step => await StepAsync(random, step.Command == Command.GoOn),
            Command.Cast => await CastAsync(random),
            Command.Resend => await ResendAsync(random),
            Command.Follow => Wish(random),
            Command.MoreTime => await AskMoreTimeAsync(random),
            Command.Pass => await PassAsync(random),
            Command.Repeat => await RepeatAsync(random),
            Command.Clash => await ClashAsync(random),
            _ => await RestartAsync(random),
        };
        // Ballots are not saved by editors: there is nothing to publish after them, and an editor need not look every time.
        var isBallot = step.Command is Command.Cast or Command.Resend;
        await CheckAsync(random, isBallot && random.Next(4) > 0 ? [] : touched, wasSaved: touched.Count > 0 && !isBallot);
    }

    /// <summary>Compares all that there is, and ends what is still going on, so that the next story has the server for itself.</summary>
    public async Task EndAsync()
    {
        _story.Add("the end");
        await CheckAllAsync();
        foreach (var entity in _entities.Where(e => e.State is "draft" or "scheduled" or "open" or "running"))
        {
            (await stage.Editors.PostAsync($"{Resource}/{entity.Id}/cancel")).Status.ShouldBe(200);
        }

        var errors = stage.Editors.Logs.Errors.Concat(stage.FanLogs.Errors).ToList();
        Agree(errors.Count == 0, () => string.Join('\n', errors));
    }

    private ModelEntity? Pick(Random random)
    {
        // Mostly one of the newest.
        var back = random.Next(1 + random.Next(6));
        return _entities.Count == 0 ? null : _entities[(_entities.Count - 1 - (back % _entities.Count))];
    }

    private ModelEntity? PickToAnswer(Random random)
    {
        var open = _entities.Where(e => e.IsOpen).ToList();
        return open.Count > 0 && random.Next(8) > 0 ? open[random.Next(open.Count)] : Pick(random);
    }

    private void Tell(string what) => _story[^1] += $" {what}";

    private static void Agree(bool agreed, Func<string> what)
    {
        if (!agreed)
        {
            throw new DifferenceException(what());
        }
    }

    private void AgreeOn(string[] expected, string actual, string what)
    {
        Tell($"{what} -> {actual};");
        Agree(expected.Contains(actual), () => $"{what}: it should be {string.Join(" or ", expected)}, and is {actual}.");
    }

    private int DelayOf(long fan) => _following.Contains(fan) ? _wishes.GetValueOrDefault(fan).DelayMs : 0;

    private async Task<IReadOnlyList<ModelEntity>> PassAsync(Random random)
    {
        var ms = random.Next(10) switch
        {
            < 3 => random.Next(0, 700),
            < 7 => random.Next(0, 5_000),
            _ => random.Next(0, 30_001),
        };
        Tell($"{ms} ms");
        await stage.PassAsync(TimeSpan.FromMilliseconds(ms));
        return [.. _entities.Where(e => e.Tick(stage.Now))];
    }

    private async Task<IReadOnlyList<ModelEntity>> RestartAsync(Random random)
    {
        var fansOnly = stage.IsScaledOut && random.Next(2) == 0;
        var losesChannels = random.Next(3) > 0;
        Tell(fansOnly ? "of the fan node" : $"of the editor node{(stage.IsScaledOut ? "" : losesChannels ? ", whose channels are lost" : ", whose channels are not lost")}");
        if (fansOnly)
        {
            await stage.RestartFansAsync();
        }
        else
        {
            await stage.RestartEditorsAsync(losesChannels);
            foreach (var quiz in _entities.OfType<ModelQuiz>().Where(_ => losesChannels && !stage.IsScaledOut))
            {
                quiz.LoseChannels();
            }
        }

        if (fansOnly || !stage.IsScaledOut)
        {
            _following.Clear();
        }

        return Some(random);
    }

    private IReadOnlyList<ModelEntity> Some(Random random) => [.. _entities.OrderBy(_ => random.Next()).Take(2)];

    private IReadOnlyList<ModelEntity> Wish(Random random)
    {
        var fan = Fans[random.Next(Fans.Length)];
        _wishes[fan] = (random.Next(3) == 0 ? 0 : random.Next(0, 20_000), ((string?[])[null, "en", "fr", "fr-CA", "de"])[random.Next(5)]);
        Tell($"fan {fan} {_wishes[fan]}");
        _following.Remove(fan);
        return [];
    }
}
