namespace FanHub.LoadTests.Running;

/// <summary>How this program is started once more.</summary>
internal static class OwnProgram
{
    /// <summary>What to start.</summary>
    public static string Path => Environment.ProcessPath!;

    /// <summary>The arguments that come before the program's own.</summary>
    public static IReadOnlyList<string> Arguments => System.IO.Path.GetFileNameWithoutExtension(Path) is "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
}
