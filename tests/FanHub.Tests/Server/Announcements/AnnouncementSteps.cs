using FanHub.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Announcements;

/// <summary>What these tests do with announcements over HTTP.</summary>
internal static class AnnouncementSteps
{
    public static readonly DateTimeOffset Start = new(2028, 7, 21, 20, 0, 0, TimeSpan.Zero);

    /// <summary>An announcement in the channel <c>c</c>, with members replaced or added.</summary>
    public static Dictionary<string, object?> Body(object? with = null)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["channel"] = "c", ["title"] = new { en = "Gates open" } };
        foreach (var property in with?.GetType().GetProperties() ?? [])
        {
            body[property.Name] = property.GetValue(with);
        }

        return body;
    }

    /// <summary>Makes the channel <c>c</c> and an announcement in it.</summary>
    public static async Task<string> NewAnnouncementAsync(this EditorialHost host, object? with = null)
    {
        (await host.PutAsync("channels/c", Bodies.Channel)).Status.ShouldBeOneOf(200, 201);
        var reply = await host.PostAsync("announcements", Body(with));
        reply.Status.ShouldBe(201, reply.Content);
        return reply.Id;
    }

    /// <summary>Takes the step, and waits for it to reach the log.</summary>
    public static async Task<Reply> TellAsync(this EditorialHost host, string announcement, string step)
    {
        var reply = await host.PostAsync($"announcements/{announcement}/{step}");
        reply.Status.ShouldBe(200, $"{step}: {reply.Content}");
        await host.PublishedAsync();
        return reply;
    }

    /// <summary>Lets time go on until the clock has done what is due.</summary>
    public static Task StateAsync(this EditorialHost host, FakeTimeProvider time, string announcement, string state) => Eventually.TrueAsync(
        async () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return (await host.GetAsync($"announcements/{announcement}")).State == state;
        },
        $"the announcement is {state}");
}
