using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;

namespace FanHub.Server.Channels;

/// <summary>What an editor says of a channel: the body of <c>PUT channels/{id}</c>.</summary>
internal sealed record ChannelBody
{
    /// <summary>Its name, by language, the default one among them; at most 500 characters each.</summary>
    public Dictionary<string, string>? Title { get; init; }

    /// <summary>The language that texts fall back to.</summary>
    public string? DefaultLocale { get; init; }

    /// <summary>Languages that an item must have before it may be published; none where absent.</summary>
    public List<string>? RequiredLocales { get; init; }
}

/// <summary>Makes a channel, or changes it.</summary>
internal static class SaveChannel
{
    private const int MaxTitle = 500;
    private const int MaxRequired = 50;

    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Id, ChannelBody Body, IfMatch IfMatch) : IRequest<Saved>;

    /// <summary>What came of it.</summary>
    internal sealed record Saved(ChannelView Channel, bool Created);

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, TimeProvider time) : IRequestHandler<Command, Saved>
    {
        /// <inheritdoc />
        public async Task<Saved> Handle(Command request, CancellationToken cancellationToken)
        {
            var body = request.Body;
            Validate(request.Id, body);
            var now = time.NowMs();
            var channel = await db.Channels.FindAsync([request.Id], cancellationToken);
            request.IfMatch.Check(channel?.Version);
            var created = channel is null;
            if (channel is null)
            {
                channel = new Channel { Id = request.Id, Title = body.Title!, DefaultLocale = body.DefaultLocale!, RequiredLocales = body.RequiredLocales ?? [], CreatedAt = now, UpdatedAt = now };
                db.Channels.Add(channel);
                db.Outbox.Add(OutboxRow.Create(channel.Id, now));
            }
            else
            {
                channel.Title = body.Title!;
                channel.DefaultLocale = body.DefaultLocale!;
                channel.RequiredLocales = body.RequiredLocales ?? [];
                channel.Version++;
                channel.UpdatedAt = now;
                await db.CheckScheduledAsync(channel, cancellationToken);
            }

            await db.SaveChangesAsync(cancellationToken);
            return new Saved(ChannelView.Of(channel), created);
        }
    }

    private static void Validate(string id, ChannelBody body)
    {
        var errors = new FieldErrors();
        errors.Check(ChannelName.IsValid(id), "id", "has to be 1 to 100 of a-z, 0-9, dot, hyphen and underscore, beginning with a letter or digit");
        var known = errors.Check(Locales.IsTag(body.DefaultLocale), "defaultLocale", "is needed, as a language tag (BCP 47, at most 35 characters)");
        Locales.Check(errors, "title", body.Title, MaxTitle, known ? body.DefaultLocale : null);
        var required = body.RequiredLocales ?? [];
        errors.Check(required.Count <= MaxRequired, "requiredLocales", $"has more than {MaxRequired} languages");
        for (var i = 0; i < required.Count; i++)
        {
            errors.Check(Locales.IsTag(required[i]), $"requiredLocales[{i}]", "is not a language tag (BCP 47, at most 35 characters)");
        }

        errors.Check(required.Distinct(StringComparer.OrdinalIgnoreCase).Count() == required.Count, "requiredLocales", "names a language twice");
        errors.ThrowIfAny();
    }
}
