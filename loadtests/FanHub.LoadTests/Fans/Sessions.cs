using System.Net;
using System.Net.Http.Json;
using FanHub.Contracts;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Fans;

/// <summary>Starts sessions for many fans, each a fan of its own.</summary>
internal static class Sessions
{
    private const int AtOnce = 16;

    /// <summary>Starts them, evenly at all nodes.</summary>
    /// <returns>Their tokens.</returns>
    public static async Task<string[]> StartAsync(IReadOnlyList<Uri> nodes, int count, Action started, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, MaxConnectionsPerServer = AtOnce });
        var tokens = new string[count];
        try
        {
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, cancel) =>
            {
                var address = new Uri(nodes[i % nodes.Count], "api/v1/fans/session");
                using var response = await http.PostAsync(address, content: null, cancel);
                if (response.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    throw LoadTestException.Limited("sessions");
                }

                if (!response.IsSuccessStatusCode)
                {
                    throw new LoadTestException($"{address} was answered {(int)response.StatusCode}. Is it a FanHub node that serves fans?");
                }

                tokens[i] = (await response.Content.ReadFromJsonAsync<FanSession>(WireJson.Options, cancel))!.Token;
                started();
            });
        }
        catch (HttpRequestException e)
        {
            throw new LoadTestException($"A session could not be started: {e.Message}", e);
        }

        return tokens;
    }
}
