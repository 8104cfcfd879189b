using FanHub.Server.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Desk;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Results.Editors;

/// <summary>The languages that the channels of a unit and of its sport require of what is published there.</summary>
internal static class RequiredLanguages
{
    private static readonly DeskChannels Names = new(string.Empty);

    /// <summary>Refuses results that lack a language which one of their channels requires. Channels that do not exist yet require none.</summary>
    /// <exception cref="FanHubException"><c>invalid</c>, naming the texts and the languages.</exception>
    public static async Task CheckAsync(FanHubDb db, PublishResults.Command request, CancellationToken cancellationToken)
    {
        var places = request.Messages.Select(m => m.Result is null ? [] : (string[])[Names.Unit(m.Unit), Names.Sport(m.Result.Sport)]).ToList();
        var names = places.SelectMany(p => p).Distinct(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
        {
            return;
        }

        var required = await db.Channels.AsNoTracking().Where(c => names.Contains(c.Id)).Select(c => new { c.Id, c.RequiredLocales }).ToDictionaryAsync(c => c.Id, c => c.RequiredLocales, StringComparer.Ordinal, cancellationToken);
        var errors = new FieldErrors();
        for (var i = 0; i < request.Messages.Count; i++)
        {
            var path = request.IsBatch ? $"results[{i}]." : string.Empty;
            foreach (var (name, texts) in ((string, IReadOnlyDictionary<string, string>?)[])[("title", request.Messages[i].Result?.Title), ("note", request.Messages[i].Result?.Note)])
            {
                var missing = texts is null ? [] : places[i].SelectMany(p => Locales.Missing(texts, required.GetValueOrDefault(p, []))).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
                errors.Check(missing.Count == 0, path + name, $"lacks {string.Join(", ", missing)}, which the unit's or the sport's channel requires");
            }
        }

        errors.ThrowIfAny();
    }
}
