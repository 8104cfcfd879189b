using System.Text.RegularExpressions;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Hosting;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Cheers;

/// <summary>What an editor says of how fans may cheer: the body of <c>PUT cheers/{channel}</c>.</summary>
internal sealed record ReactionsBody
{
    /// <summary>0 to 12 names, in the order that fans see: each 1 to 24 of a-z, 0-9, hyphen and underscore.</summary>
    public List<string?>? Reactions { get; init; }
}

/// <summary>Decides how fans may cheer in a channel.</summary>
internal static partial class SaveReactions
{
    private const int MaxReactions = 12;

    /// <summary>Asks for it.</summary>
    internal sealed record Command(string Channel, ReactionsBody Body, IfMatch IfMatch) : IRequest<Saved>;

    /// <summary>What came of it.</summary>
    internal sealed record Saved(ReactionsView Reactions, bool Created);

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, IChannelLog log, TimeProvider time) : IRequestHandler<Command, Saved>
    {
        /// <inheritdoc />
        public async Task<Saved> Handle(Command request, CancellationToken cancellationToken)
        {
            if (!await db.Channels.AsNoTracking().AnyAsync(c => c.Id == request.Channel, cancellationToken))
            {
                throw new FanHubException(ErrorCodes.NotFound, "There is no such channel.");
            }

            var names = Check(request.Body);
            var now = time.NowMs();
            var reactions = await db.Reactions.FindAsync([request.Channel], cancellationToken);
            request.IfMatch.Check(reactions?.Version);
            var created = reactions is null;
            if (reactions is null)
            {
                reactions = new Reactions { Channel = request.Channel, Names = names, CreatedAt = now, UpdatedAt = now };
                db.Reactions.Add(reactions);
            }
            else
            {
                reactions.Names = names;
                reactions.Version++;
                reactions.UpdatedAt = now;
            }

            // Refused while the live side is away: an editor is not to believe that fans can cheer.
            await log.HeadsAsync([request.Channel], cancellationToken);
            db.Outbox.Add(OutboxRow.Publish(request.Channel, ReactionsItems.State(reactions), now));
            await db.SaveChangesAsync(cancellationToken);
            return new Saved(ReactionsView.Of(reactions), created);
        }
    }

    private static List<string> Check(ReactionsBody body)
    {
        var errors = new FieldErrors();
        errors.Check(body.Reactions is { Count: <= MaxReactions }, "reactions", $"has to be a list of 0 to {MaxReactions} names");
        var names = body.Reactions ?? [];
        var seen = new HashSet<string?>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(names.Count, MaxReactions); i++)
        {
            errors.Check(names[i] is { } name && Name().IsMatch(name), $"reactions[{i}]", "has to be 1 to 24 of a-z, 0-9, hyphen and underscore");
            errors.Check(seen.Add(names[i]), $"reactions[{i}]", "is there twice");
        }

        errors.ThrowIfAny();
        return [.. names.OfType<string>()];
    }

    [GeneratedRegex("^[a-z0-9_-]{1,24}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
