namespace FanHub.Server.Exports;

/// <summary>Exports, for editor nodes.</summary>
internal static class ExportServices
{
    /// <summary>Adds what makes them. Needs storage, a ballot box, leaderboards and names.</summary>
    public static void AddExports(this IServiceCollection services)
    {
        services.AddSingleton<CertifiedOnly>();
        services.AddSingleton<WriteExport>();
    }
}
