namespace FanHub.LoadTests.Quizzes;

/// <summary>Decides what each fan answers. The same settings always give the same plans, whichever process the fan is in.</summary>
internal static class AnswerPlans
{
    /// <summary>Options of each question.</summary>
    public const int Options = 4;

    private const int Seed = 20260711;

    // The rest is for the way of the last ones: what arrives after the time is up is another test.
    private const double LastMoment = 0.9;

    /// <summary>The right option of a question, by place.</summary>
    public static int Right(int question) => (question + 1) % Options;

    /// <summary>The option's id.</summary>
    public static string OptionId(int option) => ((char)('a' + option)).ToString();

    /// <summary>A fan's plans, one for each question.</summary>
    public static IReadOnlyList<AnswerPlan> Make(QuizGroupSettings settings, int fan)
    {
        var random = new Random(Seed + fan);
        return [.. Enumerable.Range(0, settings.Quiz.Asked).Select(Next)];

        AnswerPlan Next(int question)
        {
            var share = random.NextDouble() * LastMoment;
            var right = Right(question);
            var choice = Happens(settings.Quiz.Right) ? right : (right + 1 + random.Next(Options - 1)) % Options;
            var (resends, atOnce, second) = (Happens(settings.Duplicates), random.Next(2) == 0, (choice + 1 + random.Next(Options - 1)) % Options);
            var (again, late) = (Happens(settings.SecondVotes), Happens(settings.Late));
            return new AnswerPlan(TimeSpan.FromSeconds(settings.Quiz.SecondsOf(question)) * share, choice)
            {
                TooLate = late,
                ResendsAtOnce = resends && atOnce,
                ResendsLater = resends && !atOnce,
                // Only early on: after the closing the answer would be another one.
                SecondChoice = again && !late && share < LastMoment / 2 ? second : null,
            };
        }

        bool Happens(double percent) => random.NextDouble() * 100 < percent;
    }
}
