using System.Text.Json;
using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Results;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Predictions;

/// <summary>
/// Predictions that lock because what they are about has begun: the result of their unit is there and more than a start list. Found by looking at the results as they are saved, so that
/// nothing is missed by who was away when it turned.
/// </summary>
internal sealed class UnitsDue : IDueWork
{
    private const string NotBegun = "start_list";

    /// <inheritdoc />
    public async Task<IReadOnlyList<Due>> FindAsync(FanHubDb db, CancellationToken cancellationToken)
    {
        var open = await db.Predictions.AsNoTracking().Where(p => p.State == QuestionState.Open && p.Unit != null).Select(p => new { p.Id, p.Unit }).ToListAsync(cancellationToken);
        if (open.Count == 0)
        {
            return [];
        }

        var keys = open.Select(p => Key(p.Unit!)).Distinct(StringComparer.Ordinal).ToList();
        var results = await db.BoardItems.AsNoTracking().Where(i => keys.Contains(i.Key) && i.Data != null).Select(i => new { i.Key, i.Data }).ToListAsync(cancellationToken);
        var begun = results.Where(r => HasBegun(r.Data!)).Select(r => r.Key).ToHashSet(StringComparer.Ordinal);
        return [.. open.Where(p => begun.Contains(Key(p.Unit!))).Select(p => new Due($"prediction:{p.Id}:lock", DateTimeOffset.MinValue, (services, token) => LockAsync(services, p.Id, token)))];
    }

    private static string Key(string unit) => $"{ItemKinds.Result}:{unit}";

    private static bool HasBegun(string result)
    {
        using var document = JsonDocument.Parse(result);
        return document.RootElement.TryGetProperty("status"u8, out var status) && !string.Equals(status.GetString(), NotBegun, StringComparison.Ordinal);
    }

    private static async Task LockAsync(IServiceProvider services, string id, CancellationToken cancellationToken)
    {
        var prediction = await services.GetRequiredService<FanHubDb>().Predictions.FindQuestionAsync(id, IfMatch.None, cancellationToken);
        if (prediction.State == QuestionState.Open)
        {
            await services.GetRequiredService<QuestionSteps>().CloseAsync(prediction, cancellationToken);
        }
    }
}

/// <summary>Wakes the clock when a result turned: a prediction may have to be locked.</summary>
internal sealed class WakeClockWhenResultTurned(DueClockSignal clock) : INotificationHandler<ResultTurned>
{
    /// <inheritdoc />
    public Task Handle(ResultTurned notification, CancellationToken cancellationToken)
    {
        clock.Wake();
        return Task.CompletedTask;
    }
}
