namespace FanHub.Testing;

/// <summary>Where the sources are that these tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder with <c>FanHub.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder in it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FanHub.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"There is no FanHub.sln above {AppContext.BaseDirectory}.");
    }
}
