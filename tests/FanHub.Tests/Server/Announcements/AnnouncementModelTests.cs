using System.Globalization;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Server.Announcements;
using FanHub.Server.Hosting;
using FanHub.Server.Questions;
using FanHub.Server.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Announcements;

/// <summary>Ten thousand random commands, compared with a plain model after each.</summary>
public sealed class AnnouncementModelTests(RedisFixture redis, PostgresFixture postgres)
{
    private const int Commands = 10_000;
    private const int Alive = 40;

    [Fact]
    public async Task An_embedded_server_agrees_with_a_plain_model() => await RunAsync(new Place(EditorialHost.NewDirectory(), Postgres: null), EditorialHost.NewLog());

    [Fact]
    public async Task Redis_and_PostgreSQL_agree_with_a_plain_model()
    {
        await using var connection = await redis.ConnectAsync();
        await RunAsync(
            new Place(EditorialHost.NewDirectory(), await postgres.NewDatabaseAsync()),
            new RedisChannelLog(connection, Options.Create(new ChannelOptions()), NullLogger<RedisChannelLog>.Instance));
    }

    private static async Task RunAsync(Place place, IChannelLog log)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var time = new FakeTimeProvider(AnnouncementSteps.Start);
        var run = new Run(new Random(seed), time);
        await using (var host = await EditorialHost.StartAsync(place, log, time: time, services: WithoutClock))
        {
            foreach (var (channel, required) in AnnouncementModel.Channels)
            {
                (await host.PutAsync($"channels/{channel}", new { title = new { en = channel }, defaultLocale = "en", requiredLocales = required is null ? [] : new[] { required } })).Status.ShouldBe(201);
            }

            for (var i = 1; i <= Commands; i++)
            {
                await run.CommandAsync(host, i);
                if (i % 1000 == 0)
                {
                    await run.CompareAllAsync(host);
                }
            }

            host.Logs.Errors.ShouldBeEmpty();
        }

        // What was lost comes back from the database, and is the same.
        await using var again = await EditorialHost.StartAsync(place, EditorialHost.NewLog(), time: time, services: WithoutClock);
        await run.CompareAllAsync(again);
    }

    // The run does itself what is due: then it has to wait for nobody.
    private static void WithoutClock(IServiceCollection services) => services.Remove(services.Single(s => s.ImplementationType == typeof(DueClock)));

    private sealed class Run(Random random, FakeTimeProvider time)
    {
        private readonly AnnouncementModel _model = new();

        public async Task CommandAsync(EditorialHost host, int number)
        {
            var now = time.GetUtcNow();
            var id = AnId();
            var ifMatch = AVersion(id);
            var condition = ifMatch is { } version ? IfMatch.From(string.Create(CultureInfo.InvariantCulture, $"\"{version}\"")) : IfMatch.None;
            switch (random.Next(100))
            {
                case < 14:
                    var body = ABody();
                    var refusal = AnnouncementModel.Create(body, now);
                    var made = await SendAsync(host, number, new CreateAnnouncement.Command(body), refusal);
                    if (made is not null)
                    {
                        _model.Made(made.Id, body);
                        Same(number, made);
                    }

                    break;
                case < 30:
                    var edited = ABody() with { Channel = random.Next(10) == 0 ? AChannel() : null };
                    Same(number, await SendAsync(host, number, new EditAnnouncement.Command(id, edited, condition), _model.Edit(id, edited, ifMatch, now)));
                    break;
                case < 50:
                    Same(number, await SendAsync(host, number, new PublishAnnouncement.Command(id, condition), _model.Publish(id, ifMatch, now)));
                    break;
                case < 57:
                    Same(number, await SendAsync(host, number, new CancelAnnouncement.Command(id, condition), _model.Cancel(id, ifMatch)));
                    break;
                case < 67:
                    Same(number, await SendAsync(host, number, new RevokeAnnouncement.Command(id, condition), _model.Revoke(id, ifMatch)));
                    break;
                case < 93:
                    Same(number, await SendAsync(host, number, new GetAnnouncement.Query(id), _model.Ids.Contains(id) ? null : ErrorCodes.NotFound));
                    break;
                case < 96:
                    await CompareListAsync(host, number);
                    break;
                default:
                    time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 60_000)));
                    _model.Pass(time.GetUtcNow());
                    await DoWhatIsDueAsync(host);
                    break;
            }
        }

        public async Task CompareAllAsync(EditorialHost host)
        {
            await DoWhatIsDueAsync(host);
            host.Services.GetRequiredService<OutboxSignal>().Wake();
            await host.PublishedAsync();
            var all = await host.WithDbAsync(db => db.Announcements.AsNoTracking().ToListAsync());
            all.Select(a => AnnouncementModel.Tell(AnnouncementView.Of(a))).Order(StringComparer.Ordinal).ShouldBe(_model.Ids.Select(_model.Told).Order(StringComparer.Ordinal));
            foreach (var channel in AnnouncementModel.Channels.Keys)
            {
                var shown = (await host.Log.ReadAsync(channel))!.Items.Select(e =>
                {
                    var data = JsonElement.Parse(e.Item.Data.Span);
                    return $"{e.Item.Key} v{e.Item.Version} {data.GetProperty("title").GetProperty("$t").GetProperty("en").GetString()}";
                });
                shown.Order(StringComparer.Ordinal).ShouldBe(_model.Shown(channel).Select(r => $"announcement:{r.Id} v{r.Version} {r.Title["en"]}").Order(StringComparer.Ordinal));
            }
        }

        private static async Task DoWhatIsDueAsync(EditorialHost host)
        {
            var work = host.Services.GetServices<IDueWork>().OfType<AnnouncementsDue>().Single();
            var time = host.Services.GetRequiredService<TimeProvider>();
            while (true)
            {
                var due = (await host.WithDbAsync(db => work.FindAsync(db, CancellationToken.None))).Where(d => d.At <= time.GetUtcNow()).ToList();
                if (due.Count == 0)
                {
                    return;
                }

                foreach (var one in due)
                {
                    await using var scope = host.Services.CreateAsyncScope();
                    await one.Do(scope.ServiceProvider, CancellationToken.None);
                }
            }
        }

        private static async Task<AnnouncementView?> SendAsync(EditorialHost host, int number, IRequest<AnnouncementView> command, string? refusal)
        {
            await using var scope = host.Services.CreateAsyncScope();
            try
            {
                var view = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command);
                refusal.ShouldBeNull($"{number}: {command}");
                return view;
            }
            catch (FanHubException failure)
            {
                failure.Code.ShouldBe(refusal, $"{number}: {command}: {failure.Message}");
                return null;
            }
        }

        private async Task CompareListAsync(EditorialHost host, int number)
        {
            var channel = random.Next(3) == 0 ? null : AChannel();
            var state = random.Next(3) == 0 ? null : AnnouncementStates.Names.ElementAt(random.Next(AnnouncementStates.Names.Count));
            var limit = random.Next(1, 20);
            await using var scope = host.Services.CreateAsyncScope();
            var page = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ListAnnouncements.Query(channel, state, null, limit));
            var fitting = _model.Rows.Where(r => (channel is null || r.Channel == channel) && (state is null || AnnouncementStates.Name(r.State) == state)).Select(r => r.Id).OrderDescending(StringComparer.Ordinal).ToList();
            page.Items.Select(AnnouncementModel.Tell).ShouldBe(fitting.Take(limit).Select(_model.Told), $"{number}");
            (page.Next is null).ShouldBe(fitting.Count <= limit, $"{number}");
        }

        private void Same(int number, AnnouncementView? view)
        {
            if (view is not null)
            {
                AnnouncementModel.Tell(view).ShouldBe(_model.Told(view.Id), $"{number}");
            }
        }

        private string AnId() => _model.Ids.Count == 0 || random.Next(50) == 0 ? "nothing" : _model.Ids[^random.Next(1, Math.Min(Alive, _model.Ids.Count) + 1)];

        private long? AVersion(string id) => random.Next(3) > 0 ? null : random.Next(4) == 0 ? random.Next(10) : _model.Rows.SingleOrDefault(r => r.Id == id)?.Version ?? 1;

        private string AChannel() => random.Next(40) == 0 ? "nowhere" : AnnouncementModel.Channels.Keys.ElementAt(random.Next(AnnouncementModel.Channels.Count));

        private AnnouncementBody ABody() => new()
        {
            Channel = random.Next(40) == 0 ? null : AChannel(),
            Title = Texts(),
            Text = random.Next(2) == 0 ? null : Texts(),
            Severity = random.Next(3) switch { 0 => null, 1 => AnnouncementSeverity.Info, _ => AnnouncementSeverity.Breaking },
            Link = random.Next(10) switch { 0 => "//elsewhere", < 4 => "/results", < 7 => "https://example.org/", _ => null },
            OpensAt = AMoment(3),
            ExpiresAt = AMoment(2),
        };

        private Dictionary<string, string> Texts()
        {
            var texts = new Dictionary<string, string>(StringComparer.Ordinal) { [random.Next(40) == 0 ? "de" : "en"] = string.Create(CultureInfo.InvariantCulture, $"Text {random.Next(1000)}") };
            if (random.Next(4) > 0)
            {
                texts["fr"] = "Texte";
            }

            return texts;
        }

        // In whole milliseconds, as bodies have them.
        private DateTimeOffset? AMoment(int oneIn) => random.Next(oneIn) > 0 ? null : time.NowMs().AddMilliseconds(random.Next(-5_000, 120_000));
    }
}
