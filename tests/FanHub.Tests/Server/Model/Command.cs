namespace FanHub.Tests.Server.Model;

/// <summary>What happens in one step. What exactly is made up when it happens, from the step's seed and what there is by then, so that a story still is one when parts are left out.</summary>
internal enum Command
{
    /// <summary>An editor makes a draft.</summary>
    Create,

    /// <summary>An editor replaces what is written.</summary>
    Edit,

    /// <summary>An editor takes the step that leads on.</summary>
    GoOn,

    /// <summary>An editor takes any step.</summary>
    Step,

    /// <summary>A fan casts a ballot, or several fans do at once.</summary>
    Cast,

    /// <summary>A fan sends again what was cast.</summary>
    Resend,

    /// <summary>A fan says how far the own video is behind.</summary>
    Follow,

    /// <summary>A fan asks for more time.</summary>
    MoreTime,

    /// <summary>Time passes.</summary>
    Pass,

    /// <summary>An editor repeats a request under its key.</summary>
    Repeat,

    /// <summary>An editor uses the key of another request.</summary>
    Clash,

    /// <summary>A node ends, and starts again.</summary>
    Restart,
}

/// <summary>A step of a story.</summary>
internal readonly record struct ScriptedStep(Command Command, int Seed);

/// <summary>Makes up stories.</summary>
internal static class Script
{
    private static readonly (Command Command, int Weight)[] Weights =
    [
        (Command.Create, 60), (Command.Edit, 35), (Command.GoOn, 150), (Command.Step, 70), (Command.Cast, 380), (Command.Resend, 60), (Command.Follow, 30), (Command.MoreTime, 30),
        (Command.Pass, 140), (Command.Repeat, 25), (Command.Clash, 15), (Command.Restart, 3),
    ];

    /// <summary>A story that always is the same for a seed.</summary>
    public static IReadOnlyList<ScriptedStep> Write(int seed, int steps)
    {
        var random = new Random(seed);
        var all = Weights.Sum(w => w.Weight);
        return [.. Enumerable.Range(0, steps).Select(i => new ScriptedStep(i == 0 ? Command.Create : Draw(random.Next(all)), random.Next()))];
    }

    private static Command Draw(int number)
    {
        foreach (var (command, weight) in Weights)
        {
            number -= weight;
            if (number < 0)
            {
                return command;
            }
        }

        return Command.Pass;
    }
}
