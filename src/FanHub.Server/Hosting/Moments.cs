namespace FanHub.Server.Hosting;

/// <summary>The rules for moments that somebody plans.</summary>
internal static class Moments
{
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(5 * 366);

    /// <summary>Notes a planned moment that is in the past, or more than five years away.</summary>
    public static void Check(FieldErrors errors, string field, DateTimeOffset? moment, DateTimeOffset now)
    {
        errors.Check(moment is null || moment > now, field, "is in the past");
        errors.Check(moment is null || moment < now + Furthest, field, $"is more than {Furthest.TotalDays:0} days away");
    }
}
