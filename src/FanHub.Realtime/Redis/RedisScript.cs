using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace FanHub.Realtime.Redis;

/// <summary>A Lua script, kept as a file beside the code that calls it, run by its digest and sent whole only where Redis does not know it (after a restart).</summary>
public sealed class RedisScript
{
    private readonly string _text;
    private readonly string _digest;

    private RedisScript(string text)
    {
        _text = text;
        // SHA-1 is how Redis names scripts; nothing is protected by it.
        _digest = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Loads a script that is embedded in an assembly.</summary>
    /// <param name="name">File name, for example <c>append.lua</c>.</param>
    /// <param name="assembly">Where it is; by default the caller's.</param>
    public static RedisScript Embedded(string name, Assembly? assembly = null)
    {
        assembly ??= Assembly.GetCallingAssembly();
        using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"No script {name} in {assembly.GetName().Name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new RedisScript(reader.ReadToEnd());
    }

    /// <summary>Runs it within <see cref="RedisConnection.CallTimeout"/>. All keys must share a hash tag.</summary>
    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(arguments);
        try
        {
            return await RedisConnection.WithinLimit(database.ExecuteAsync("EVALSHA", Arguments(_digest, keys, arguments)), cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await RedisConnection.WithinLimit(database.ExecuteAsync("EVAL", Arguments(_text, keys, arguments)), cancellationToken).ConfigureAwait(false);
        }
    }

    private static object[] Arguments(string script, RedisKey[] keys, RedisValue[] arguments)
    {
        var all = new object[2 + keys.Length + arguments.Length];
        all[0] = script;
        all[1] = keys.Length;
        for (var i = 0; i < keys.Length; i++)
        {
            all[2 + i] = keys[i];
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            all[2 + keys.Length + i] = arguments[i];
        }

        return all;
    }
}
