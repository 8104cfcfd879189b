using System.Globalization;

namespace FanHub.LoadTests.Peers;

/// <summary>Nchan: nginx with a module that delivers messages to subscribers, written in C. One process, as one worker is, that ends with this one.</summary>
internal static class Nchan
{
    private static readonly string[] Programs = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"];
    private static readonly string[] Modules = ["/usr/lib/nginx/modules/ngx_nchan_module.so", "/usr/local/lib/nginx/modules/ngx_nchan_module.so"];

    /// <summary>Starts it.</summary>
    /// <exception cref="PeerMissingException">It is not installed.</exception>
    public static async Task<IPeer> StartAsync()
    {
        if (Programs.FirstOrDefault(File.Exists) is not { } program || Modules.FirstOrDefault(File.Exists) is not { } module)
        {
            throw new PeerMissingException("Nchan is left out: it is not installed (Debian: nginx, libnginx-mod-nchan).");
        }

        var folder = Directory.CreateTempSubdirectory("fanhub-nchan-");
        var process = await PeerProcess.StartAsync(program, port =>
        {
            var file = Path.Combine(folder.FullName, "nginx.conf");
            File.WriteAllText(file, Configuration(module, folder.FullName, port));
            return ["-p", folder.FullName, "-c", file, "-e", "stderr"];
        });
        return new RawPeer("Nchan", folder, process, topic => $"/sub/{topic}", topic => $"/pub/{topic}");
    }

    private static string Configuration(string module, string folder, int port) => string.Create(CultureInfo.InvariantCulture, $$"""
        load_module {{module}};
        daemon off;
        master_process off;
        pid {{folder}}/nginx.pid;
        error_log stderr warn;
        events { worker_connections 40000; }
        http {
          access_log off;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          keepalive_requests 1000000;
          nchan_shared_memory_size 128M;
          server {
            listen 127.0.0.1:{{port}} backlog=4096;
            location ~ ^/sub/(\w+)$ { nchan_subscriber websocket; nchan_channel_id $1; nchan_subscriber_first_message newest; }
            location ~ ^/pub/(\w+)$ { nchan_publisher http; nchan_channel_id $1; nchan_message_buffer_length 10; }
          }
        }
        """);
}
