using System.Runtime.Versioning;
using FanHub.Cluster;

[assembly: SupportedOSPlatform("linux")]

var folder = ClusterFolder.Find();
try
{
    return args switch
    {
        ["up", .. var options] => await Up.RunAsync(folder, options),
        ["status"] => await Status.RunAsync(folder),
        ["logs", .. var names] => await Logs.RunAsync(folder, names),
        ["down"] => await Down.RunAsync(folder),
        _ => Usage(),
    };
}
catch (Exception e) when (e is ClusterException or IOException or UnauthorizedAccessException or TimeoutException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine("""
        ./cluster up [--fans N]   starts Redis, PostgreSQL, fan nodes (2), editor nodes (2) and a balancer on this machine; what runs already is left as it is
        ./cluster status          each process, its port, and how it is
        ./cluster logs [service]  the last lines of every log, or all of one as it grows
        ./cluster down            ends what was started; the data stays
        """);
    return 2;
}
