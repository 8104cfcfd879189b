using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Editors;

/// <summary>
/// Requests that carry an <c>Idempotency-Key</c> take effect once: the answer is saved in the transaction of the change, and given again to whoever repeats the request within
/// <see cref="Kept"/>. A refused request leaves nothing behind, and may be tried again under its key.
/// </summary>
internal sealed class IdempotentRequests(TimeProvider time)
{
    /// <summary>How long answers are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private const string Header = "Idempotency-Key";
    private const string ReplayedHeader = "Idempotency-Replayed";
    private const int MaxKeyLength = 200;

    private readonly ConcurrentDictionary<(string Editor, string Key), byte> _running = new();

    /// <summary>The request's key; null where it has none.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>.</exception>
    public static string? KeyOf(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) || !request.Headers.TryGetValue(Header, out var values))
        {
            return null;
        }

        var key = values.Count == 1 ? values[0] : null;
        return key is { Length: >= 1 and <= MaxKeyLength } && key.All(c => c is > ' ' and < (char)127)
            ? key
            : throw new FanHubException(ErrorCodes.Invalid, $"{Header} has to be one value of 1 to {MaxKeyLength} visible ASCII characters.");
    }

    /// <summary>Answers as before, or carries the request out.</summary>
    /// <exception cref="FanHubException"><c>conflict</c>: the key stands for another request, or for one that is being carried out.</exception>
    public async Task<object?> RunAsync(HttpContext context, string key, FanHubDb db, Func<ValueTask<object?>> carryOut)
    {
        var editor = context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? string.Empty;
        if (!_running.TryAdd((editor, key), 0))
        {
            throw new FanHubException(ErrorCodes.Conflict, $"A request with this {Header} is being carried out; try again for its answer.", TimeSpan.FromSeconds(1));
        }

        try
        {
            var fingerprint = await FingerprintAsync(context);
            if (await EarlierAsync(db, editor, key, fingerprint, context) is { } earlier)
            {
                context.Response.Headers[ReplayedHeader] = "true";
                return earlier;
            }

            try
            {
                return await CarryOutAsync(editor, key, fingerprint, db, carryOut);
            }
            catch (Exception failure) when (!DatabaseFailures.IsAway(failure))
            {
                // It may have been refused because the same request was carried out by another node at the same moment: then that one's answer is the answer.
                await db.StartOverAsync();
                if (await OtherAsync(db, editor, key, fingerprint, context) is not { } other)
                {
                    throw;
                }

                context.Response.Headers[ReplayedHeader] = "true";
                return other;
            }
        }
        finally
        {
            _running.TryRemove((editor, key), out _);
        }
    }

    private async Task<object?> CarryOutAsync(string editor, string key, string fingerprint, FanHubDb db, Func<ValueTask<object?>> carryOut)
    {
        try
        {
            db.HoldChanges();
            var result = await carryOut();
            if (result is Answer answer)
            {
                db.Idempotency.Add(new IdempotencyRecord
                {
                    Editor = editor,
                    Key = key,
                    Fingerprint = fingerprint,
                    Status = answer.Status,
                    Body = Encoding.UTF8.GetString(answer.Body.Span),
                    ETag = answer.ETag,
                    Location = answer.Location,
                    CreatedAt = time.NowMs(),
                });
                await db.SaveChangesAsync(CancellationToken.None);
            }

            await db.CommitAsync(CancellationToken.None);
            return result;
        }
        finally
        {
            // Where it was committed, there is none any more.
            if (db.Database.CurrentTransaction is { } unfinished)
            {
                await unfinished.DisposeAsync();
            }
        }
    }

    /// <returns>The answer that another node gave meanwhile; null where there is none, or the database cannot say.</returns>
    private async Task<Answer?> OtherAsync(FanHubDb db, string editor, string key, string fingerprint, HttpContext context)
    {
        try
        {
            return await EarlierAsync(db, editor, key, fingerprint, context);
        }
        catch (Exception failure) when (DatabaseFailures.IsAway(failure) || failure is OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<Answer?> EarlierAsync(FanHubDb db, string editor, string key, string fingerprint, HttpContext context)
    {
        var record = await db.Idempotency.AsNoTracking().SingleOrDefaultAsync(r => r.Editor == editor && r.Key == key, context.RequestAborted);
        if (record is null)
        {
            return null;
        }

        var old = time.NowMs() - Kept;
        if (record.CreatedAt <= old)
        {
            // Only what is old: another node may have put a new answer there by now.
            await db.Idempotency.Where(r => r.Editor == editor && r.Key == key && r.CreatedAt <= old).ExecuteDeleteAsync(context.RequestAborted);
            return null;
        }

        return string.Equals(record.Fingerprint, fingerprint, StringComparison.Ordinal)
            ? new Answer(record.Status, Encoding.UTF8.GetBytes(record.Body), record.ETag, record.Location)
            : throw new FanHubException(ErrorCodes.Conflict, $"This {Header} was used for another request.");
    }

    private static async Task<string> FingerprintAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}\n"));
        hash.AppendData(body.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Forgets answers that are kept no longer.</summary>
internal sealed partial class IdempotencySweeper(IServiceScopeFactory scopes, TimeProvider time, ILogger<IdempotencySweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Forgets what is old.</summary>
    internal async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FanHubDb>();
        var old = time.NowMs() - IdempotentRequests.Kept;
        return await db.Idempotency.Where(r => r.CreatedAt <= old).ExecuteDeleteAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                try
                {
                    await SweepAsync(stoppingToken);
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(failure);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old idempotency keys could not be deleted; trying again in an hour")]
    private partial void LogFailed(Exception failure);
}
