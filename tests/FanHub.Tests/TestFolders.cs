using FanHub.Tests;

[assembly: AssemblyFixture(typeof(TestFolders))]

namespace FanHub.Tests;

/// <summary>Folders for hosts, all in one that goes away with the run: a host may be started again where an earlier one was, so that none of them can delete its own.</summary>
public sealed class TestFolders : IDisposable
{
    private static readonly Lazy<string> Root = new(() => Directory.CreateTempSubdirectory("fanhub-test-").FullName);

    /// <summary>A new empty folder.</summary>
    public static string New() => Directory.CreateDirectory(Path.Combine(Root.Value, Guid.NewGuid().ToString("N"))).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Root.IsValueCreated)
        {
            Directory.Delete(Root.Value, recursive: true);
        }
    }
}
