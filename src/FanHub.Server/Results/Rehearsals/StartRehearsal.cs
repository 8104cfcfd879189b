using System.Security.Cryptography;
using FanHub.Contracts;
using FanHub.Server.Hosting;
using FanHub.Server.Results.Feed;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.Extensions.Options;

namespace FanHub.Server.Results.Rehearsals;

/// <summary>Begins a rehearsal.</summary>
internal static class StartRehearsal
{
    private const int MaxName = 200;
    private const int MaxPauseMs = 3_600_000;
    private const int DefaultPauseMs = 30_000;
    private const double MinSpeed = 0.1;
    private const double MaxSpeed = 10_000;

    /// <summary>Asks for it.</summary>
    internal sealed record Command(RehearsalBody Body) : IRequest<RehearsalView>;

    /// <summary>Does it.</summary>
    internal sealed class Handler(FanHubDb db, RehearsalStage stage, IServiceScopeFactory scopes, IOptions<FeedOptions> options, TimeProvider time) : IRequestHandler<Command, RehearsalView>
    {
        /// <inheritdoc />
        public async Task<RehearsalView> Handle(Command request, CancellationToken cancellationToken)
        {
            var body = request.Body;
            Check(body, options.Value);
            var script = Script(body, options.Value);
            var messages = await script.CountAsync(cancellationToken);
            if (messages == 0)
            {
                throw FieldErrors.Single(body.Folder is null ? "from" : "folder", "has no messages to play");
            }

            if (!stage.HasRoom)
            {
                throw new FanHubException(ErrorCodes.Conflict, $"{RehearsalStage.MaxAtOnce} rehearsals are on this node already: remove one.");
            }

            var now = time.NowMs();
            var rehearsal = new Rehearsal
            {
                Id = RandomNumberGenerator.GetHexString(16, lowercase: true),
                Name = body.Name ?? body.Folder ?? "Rehearsal",
                Folder = body.Folder,
                From = body.From,
                To = body.To,
                Speed = body.Speed ?? 1,
                MaxPauseMs = body.MaxPauseMs ?? DefaultPauseMs,
                Messages = messages,
                CreatedAt = now,
                SeenAt = now,
            };
            db.Rehearsals.Add(rehearsal);
            db.AfterCommit(() => stage.Begin(rehearsal, script));
            await db.SaveChangesAsync(cancellationToken);
            return RehearsalView.Of(rehearsal);
        }

        private static void Check(RehearsalBody body, FeedOptions options)
        {
            var errors = new FieldErrors();
            errors.Check(body.Name is null || (!string.IsNullOrWhiteSpace(body.Name) && body.Name.Length <= MaxName && !body.Name.Any(char.IsControl)), "name", $"has to be 1 to {MaxName} characters");
            errors.Check(body.Speed is null or 0 or (>= MinSpeed and <= MaxSpeed), "speed", $"has to be 0, or from {MinSpeed} to {MaxSpeed}");
            errors.Check(body.MaxPauseMs is null or (>= 0 and <= MaxPauseMs), "maxPauseMs", $"has to be from 0 to {MaxPauseMs}");
            errors.Check(body.From is null || body.To is null || body.From < body.To, "to", "has to be after from");
            errors.Check(body.Folder is null || (body.From is null && body.To is null), "from", "is for stored messages, not for a folder");
            errors.Check(body.Folder is null || !string.IsNullOrEmpty(options.ReplayDirectory), "folder", "cannot be used: FanHub:Odf:ReplayDirectory is not set");
            errors.ThrowIfAny();
        }

        private IRehearsalScript Script(RehearsalBody body, FeedOptions options)
        {
            if (body.Folder is null)
            {
                return new StoredScript(scopes, body.From, body.To);
            }

            // One plain name, so that nobody climbs out.
            var plain = body.Folder.Length is >= 1 and <= 100 && body.Folder.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
            var folder = plain ? Path.Combine(Path.GetFullPath(options.ReplayDirectory!), body.Folder) : null;
            return folder is not null && Directory.Exists(folder)
                ? new FolderScript(folder, options.Reading, options.MaxMessageBytes)
                : throw FieldErrors.Single("folder", "does not exist; it has to be the plain name of a folder (letters, digits, hyphens, underscores)");
        }
    }
}
