using FanHub.Contracts;

namespace FanHub.Tests.Server.Questions;

/// <summary>Where every step leads from every state of a kind. What is not named is a conflict.</summary>
/// <param name="Resource">As in the API's path.</param>
/// <param name="Steps">All steps that there are.</param>
/// <param name="States">For each state: how to get there from a draft, and where steps lead.</param>
/// <param name="Create">A new draft's body; with a moment, one that is to open then.</param>
/// <param name="StateOf">The state that a view shows, as the table names it.</param>
internal sealed record TransitionTable(
    string Resource,
    string[] Steps,
    Dictionary<string, (string[] Way, Dictionary<string, string> Steps)> States,
    Func<DateTimeOffset?, object> Create,
    Func<Reply, string> StateOf)
{
    /// <summary>Takes every step from every state.</summary>
    public async Task CheckAsync(EditorialHost host)
    {
        (await host.PutAsync("channels/c", Bodies.Channel)).Status.ShouldBeOneOf(200, 201);
        foreach (var (state, (way, steps)) in States)
        {
            foreach (var step in Steps)
            {
                await CheckAsync(host, state, way, step, steps.GetValueOrDefault(step));
            }
        }

        host.Logs.Errors.ShouldBeEmpty();
    }

    private async Task CheckAsync(EditorialHost host, string state, string[] way, string step, string? to)
    {
        var later = DateTimeOffset.UtcNow.AddHours(1);
        var made = await host.PostAsync(Resource, Create(way.Contains("schedule", StringComparer.Ordinal) ? later : null));
        made.Status.ShouldBe(201, made.Content);
        foreach (var taken in way)
        {
            var reply = await StepAsync(host, made.Id, taken);
            reply.Status.ShouldBe(200, $"{Resource}: {taken} on the way to {state}: {reply.Content}");
        }

        var before = await host.GetAsync($"{Resource}/{made.Id}");
        StateOf(before).ShouldBe(state);
        var done = step == "edit" ? await host.PutAsync($"{Resource}/{made.Id}", Create(later)) : await StepAsync(host, made.Id, step);
        var after = await host.GetAsync($"{Resource}/{made.Id}");
        var what = $"{Resource}: {step} from {state}: {done.Content}";
        if (to is null)
        {
            done.Status.ShouldBe(409, what);
            done.Code.ShouldBe(ErrorCodes.Conflict, what);
            after.Content.ShouldBe(before.Content, what);
        }
        else
        {
            done.Status.ShouldBe(200, what);
            StateOf(done).ShouldBe(to, what);
            StateOf(after).ShouldBe(to, what);
        }
    }

    private Task<Reply> StepAsync(EditorialHost host, string id, string step) => host.PostAsync(
        $"{Resource}/{id}/{step.Replace("schedule", Steps.Contains("start", StringComparer.Ordinal) ? "start" : "open", StringComparison.Ordinal)}",
        step == "settle" ? new { correct = new[] { "a" } } : null);
}
