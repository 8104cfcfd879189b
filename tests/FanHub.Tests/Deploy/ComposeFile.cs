using FanHub.Testing;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace FanHub.Tests.Deploy;

/// <summary><c>docker-compose.yml</c>, as far as it concerns these tests; anything else in it that is not known here fails them.</summary>
internal sealed class ComposeFile
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = "";

    [YamlMember(Alias = "services")]
    public Dictionary<string, ComposeService> Services { get; set; } = [];

    [YamlMember(Alias = "networks")]
    public Dictionary<string, object?> Networks { get; set; } = [];

    [YamlMember(Alias = "volumes")]
    public Dictionary<string, object?> Volumes { get; set; } = [];

    [YamlMember(Alias = "x-node")]
    public object? Node { get; set; }

    [YamlMember(Alias = "x-settings")]
    public object? Settings { get; set; }

    [YamlMember(Alias = "x-fan")]
    public object? Fan { get; set; }

    [YamlMember(Alias = "x-editor")]
    public object? Editor { get; set; }

    [YamlMember(Alias = "x-fan-needs")]
    public object? FanNeeds { get; set; }

    [YamlMember(Alias = "x-editor-needs")]
    public object? EditorNeeds { get; set; }

    public static ComposeFile Read()
    {
        using var text = File.OpenText(Repository.PathOf("docker-compose.yml"));
        var merged = new DeserializerBuilder().WithDuplicateKeyChecking().Build().Deserialize<object>(new MergingParser(new Parser(text)));
        // Written out, for what is referred to in several places is not of the same type in all of them.
        return new DeserializerBuilder().Build().Deserialize<ComposeFile>(new SerializerBuilder().DisableAliases().Build().Serialize(merged));
    }
}

internal sealed class ComposeService
{
    [YamlMember(Alias = "image")]
    public string Image { get; set; } = "";

    [YamlMember(Alias = "build")]
    public Dictionary<string, string> Build { get; set; } = [];

    [YamlMember(Alias = "command")]
    public List<string> Command { get; set; } = [];

    [YamlMember(Alias = "restart")]
    public string Restart { get; set; } = "";

    [YamlMember(Alias = "stop_grace_period")]
    public string StopGracePeriod { get; set; } = "";

    [YamlMember(Alias = "environment")]
    public Dictionary<string, string> Environment { get; set; } = [];

    [YamlMember(Alias = "depends_on")]
    public Dictionary<string, Dictionary<string, string>> DependsOn { get; set; } = [];

    [YamlMember(Alias = "volumes")]
    public List<string> Volumes { get; set; } = [];

    [YamlMember(Alias = "ports")]
    public List<string> Ports { get; set; } = [];

    [YamlMember(Alias = "networks")]
    public Dictionary<string, Dictionary<string, string>> Networks { get; set; } = [];

    [YamlMember(Alias = "healthcheck")]
    public ComposeHealthCheck HealthCheck { get; set; } = new();

    /// <summary>Its settings as the server reads them, with colons.</summary>
    public Dictionary<string, string> Settings => Environment.ToDictionary(e => e.Key.Replace("__", ":", StringComparison.Ordinal), e => e.Value, StringComparer.Ordinal);
}

internal sealed class ComposeHealthCheck
{
    [YamlMember(Alias = "test")]
    public List<string> Test { get; set; } = [];

    [YamlMember(Alias = "interval")]
    public string Interval { get; set; } = "";

    [YamlMember(Alias = "timeout")]
    public string Timeout { get; set; } = "";

    [YamlMember(Alias = "retries")]
    public int Retries { get; set; }

    [YamlMember(Alias = "start_period")]
    public string StartPeriod { get; set; } = "";
}
