using System.Text.Json;

namespace FanHub.Testing.Topology;

/// <summary>What is remembered of a service that was started, in its folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Port">Where it listens; null where that cannot be read any more.</param>
/// <param name="Plan">Tells by which plan it was started.</param>
/// <param name="Configuration">Tells which configuration it has.</param>
public sealed record DetachedService(string Name, ServiceKind Kind, int? Port, string Plan, string? Configuration)
{
    /// <summary>Whether more is known of it than its name.</summary>
    internal bool IsKnown => Port is > 0 and <= ushort.MaxValue && Plan is not null && Enum.IsDefined(Kind);

    /// <summary>Where it is written down.</summary>
    internal static string FileOf(string folder) => Path.Combine(folder, "service.json");

    /// <summary>A service of which nothing is known but the folder.</summary>
    internal static DetachedService Unknown(string folder) => new(Path.GetFileName(folder), ServicePlans.KindOf(Path.GetFileName(folder)), Port: null, Plan: "", Configuration: null);

    /// <summary>What is written down in the folder: null where nothing was, <see cref="Unknown"/> where it cannot be read.</summary>
    internal static DetachedService? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<DetachedService>(File.ReadAllText(FileOf(folder))) is { IsKnown: true } service ? service with { Name = Path.GetFileName(folder) } : Unknown(folder);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return Unknown(folder);
        }
    }

    /// <summary>Writes down what is about to run in the plan's folder.</summary>
    internal static void Write(ServicePlan plan) =>
        DurableFile.Write(FileOf(plan.Folder), JsonSerializer.Serialize(new DetachedService(plan.Name, plan.Kind, plan.Port, plan.Fingerprint, plan.ConfigurationFingerprint)));
}
