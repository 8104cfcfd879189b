namespace FanHub.Testing.Topology;

/// <summary>Fills in <c>deploy/nginx.conf.template</c>, as the nginx image does for <c>docker-compose.yml</c>.</summary>
public static class NginxConfig
{
    /// <summary>The template.</summary>
    public static string Template { get; } = Repository.PathOf("deploy", "nginx.conf.template");

    /// <summary>What is filled in.</summary>
    /// <param name="listen">Where the balancer listens: a port, or an address with one.</param>
    /// <param name="run">A folder for its pid file and its temporary files.</param>
    /// <param name="fanNodes">Host and port of each fan node.</param>
    /// <param name="editorNodes">Host and port of each editor node.</param>
    public static IReadOnlyDictionary<string, string> Values(string listen, string run, IEnumerable<string> fanNodes, IEnumerable<string> editorNodes) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["FANHUB_LISTEN"] = listen,
        // It stands between quotes.
        ["FANHUB_RUN"] = run.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal),
        ["FANHUB_FAN_NODES"] = Servers(fanNodes),
        ["FANHUB_EDITOR_NODES"] = Servers(editorNodes),
    };

    /// <summary>The configuration.</summary>
    /// <exception cref="InvalidOperationException">The template does not use one of the values.</exception>
    public static string Render(IReadOnlyDictionary<string, string> values)
    {
        var text = File.ReadAllText(Template);
        foreach (var (name, value) in values)
        {
            var placeholder = $"${{{name}}}";
            text = text.Contains(placeholder, StringComparison.Ordinal)
                ? text.Replace(placeholder, value, StringComparison.Ordinal)
                : throw new InvalidOperationException($"{Template} does not use {placeholder}.");
        }

        return text;
    }

    // A node that failed is tried again soon: after a restart, fans should find both.
    private static string Servers(IEnumerable<string> nodes) => string.Join(' ', nodes.Select(n => $"server {n} max_fails=1 fail_timeout=2s;"));
}
