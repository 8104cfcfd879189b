using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using FanHub.Contracts;
using FanHub.Realtime.Channels;
using FanHub.Realtime.Fanout;
using FanHub.Realtime.Redis;
using FanHub.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FanHub.Tests.Realtime;

/// <summary>What followers may rely on, whichever log is behind the node, and whatever happens between the two.</summary>
public abstract class RelayContract : IAsyncLifetime
{
    private const string Channel = "medals";

    private FaultyLog _log = null!;

    public async ValueTask InitializeAsync()
    {
        _log = new FaultyLog(await OpenAsync());
        await _log.CreateAsync(Channel);
    }

    public abstract ValueTask DisposeAsync();

    protected abstract Task<IChannelLog> OpenAsync();

    /// <summary>Whether WebSockets are SignalR's own.</summary>
    protected virtual bool Stock => false;

    [Fact]
    public async Task A_lost_notification_is_noticed_within_a_second_and_what_it_said_arrives_in_order()
    {
        await using var node = await StartAsync(_log);
        var (fan, _) = await node.FollowAsync(Channel);
        _log.OnNotification = (entry, deliver) => Do(entry.Offset is not (2 or 3), () => deliver(entry));
        for (var i = 1; i <= 3; i++)
        {
            await AppendAsync($"poll:{i}");
        }

        var clock = Stopwatch.StartNew();
        await fan.WaitForUpdateAsync(u => u.GetProperty("offset").GetInt64() == 3);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1.5));
        Offsets(fan).ShouldBe([1, 2, 3]);
        await fan.DisposeAsync();
    }

    [Fact]
    public async Task A_hole_is_filled_before_anything_newer_goes_out()
    {
        await using var node = await StartAsync(_log, o => o.WatchInterval = TimeSpan.FromSeconds(10));
        var (fan, _) = await node.FollowAsync(Channel);
        _log.OnNotification = (entry, deliver) => Do(entry.Offset % 3 == 0, () => deliver(entry));
        for (var i = 1; i <= 9; i++)
        {
            await AppendAsync($"poll:{i}");
        }

        await fan.WaitForUpdateAsync(u => u.GetProperty("offset").GetInt64() == 9);
        Offsets(fan).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        await fan.DisposeAsync();
    }

    [Fact]
    public async Task Notifications_that_come_twice_or_in_the_wrong_order_arrive_once_and_in_order()
    {
        await using var node = await StartAsync(_log);
        var (fan, _) = await node.FollowAsync(Channel);
        LogEntry? kept = null;
        _log.OnNotification = (entry, deliver) =>
        {
            deliver(entry);
            if (kept is not null)
            {
                deliver(kept);
            }

            kept = entry;
        };
        var reads = _log.Reads;
        for (var i = 1; i <= 20; i++)
        {
            await AppendAsync($"poll:{i}");
        }

        await fan.WaitForUpdateAsync(u => u.GetProperty("offset").GetInt64() == 20);
        Offsets(fan).ShouldBe(Enumerable.Range(1, 20).Select(i => (long)i));
        _log.Reads.ShouldBe(reads, "what is known already is no reason to ask the log");
        await fan.DisposeAsync();
    }

    [Fact]
    public async Task A_lost_count_is_noticed_too()
    {
        await using var node = await StartAsync(_log);
        var (fan, _) = await node.FollowAsync(Channel);
        _log.OnNotification = (_, _) => { };
        await AppendAsync("tally:1", 5, DeliveryClass.Latest);

        (await fan.WaitForUpdateAsync(u => u.GetProperty("key").GetString() == "tally:1")).GetProperty("version").GetInt64().ShouldBe(5);
        await fan.DisposeAsync();
    }

    [Fact]
    public async Task Resuming_gives_exactly_what_was_missed_and_reads_nothing_from_the_log()
    {
        await using var node = await StartAsync(_log);
        for (var i = 1; i <= 10; i++)
        {
            await AppendAsync($"poll:{i}");
        }

        var (first, reply) = await node.FollowAsync(Channel);
        var epoch = reply.GetProperty("epoch").GetString()!;
        var reads = _log.Reads;
        for (var since = 0; since <= 10; since++)
        {
            var (fan, resumed) = await node.FollowAsync(Channel, new Position(epoch, since));
            resumed.GetProperty("recovered").GetBoolean().ShouldBeTrue();
            resumed.GetProperty("updates").EnumerateArray().Select(u => u.GetProperty("offset").GetInt64()).ShouldBe(Enumerable.Range(since + 1, 10 - since).Select(i => (long)i));
            await fan.DisposeAsync();
        }

        _log.Reads.ShouldBe(reads);
        await first.DisposeAsync();
    }

    [Theory]
    [InlineData("another-life", 3)]
    [InlineData(null, 1000)]
    [InlineData(null, -1)]
    public async Task A_position_that_cannot_be_resumed_from_gets_a_snapshot_that_says_so(string? epoch, long offset)
    {
        await using var node = await StartAsync(_log);
        await AppendAsync("poll:1");
        await AppendAsync("poll:1", 2);
        epoch ??= (await _log.HeadsAsync([Channel]))[0]!.Epoch;

        var (fan, reply) = await node.FollowAsync(Channel, new Position(epoch, offset));
        reply.GetProperty("recovered").GetBoolean().ShouldBeFalse();
        reply.GetProperty("updates").EnumerateArray().ShouldHaveSingleItem().GetProperty("version").GetInt64().ShouldBe(2);
        await fan.DisposeAsync();
    }

    [Fact]
    public async Task Who_was_away_longer_than_the_log_remembers_gets_a_snapshot()
    {
        await using var node = await StartAsync(_log, o => o.LogLength = 10);
        var (watcher, _) = await node.FollowAsync(Channel);
        for (var i = 1; i <= 200; i++)
        {
            await AppendAsync("poll:1", i);
        }

        await watcher.WaitForUpdateAsync(u => u.GetProperty("offset").GetInt64() == 200);
        var epoch = (await _log.HeadsAsync([Channel]))[0]!.Epoch;
        var (late, tooLate) = await node.FollowAsync(Channel, new Position(epoch, 189));
        var (early, justInTime) = await node.FollowAsync(Channel, new Position(epoch, 190));
        tooLate.GetProperty("recovered").GetBoolean().ShouldBeFalse();
        justInTime.GetProperty("recovered").GetBoolean().ShouldBeTrue();
        justInTime.GetProperty("updates").GetArrayLength().ShouldBe(10);
        foreach (var fan in (RawFan[])[watcher, late, early])
        {
            await fan.DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_resumes_is_told_of_latest_items_that_changed_or_went_away()
    {
        await using var node = await StartAsync(_log);
        await AppendAsync("tally:1", 1, DeliveryClass.Latest);
        await AppendAsync("tally:2", 1, DeliveryClass.Latest);
        var (before, reply) = await node.FollowAsync(Channel);
        var position = new Position(reply.GetProperty("epoch").GetString()!, reply.GetProperty("offset").GetInt64());
        await before.DisposeAsync();
        await AppendAsync("tally:1", 7, DeliveryClass.Latest);
        await _log.AppendAsync(Channel, Item("tally:2", 2, DeliveryClass.Latest) with { Data = default });
        await Eventually.TrueAsync(async () => await node.Relay.FindItemAsync(Channel, "tally:2") is null, "the node knows");

        var (fan, resumed) = await node.FollowAsync(Channel, position);
        resumed.GetProperty("recovered").GetBoolean().ShouldBeTrue();
        var updates = resumed.GetProperty("updates").EnumerateArray().ToDictionary(u => u.GetProperty("key").GetString()!, StringComparer.Ordinal);
        updates["tally:1"].GetProperty("version").GetInt64().ShouldBe(7);
        updates["tally:2"].GetProperty("data").ValueKind.ShouldBe(JsonValueKind.Null);
        await fan.DisposeAsync();
    }

    [Fact]
    public async Task What_is_published_while_the_reply_is_on_its_way_comes_right_behind_it()
    {
        await using var node = await StartAsync(_log);
        await using var fan = await node.ConnectAsync();
        node.Hook.BeforeReply = async () =>
        {
            await AppendAsync("poll:1");
            await Eventually.TrueAsync(async () => await node.Relay.FindItemAsync(Channel, "poll:1") is not null, "the node has relayed it");
        };

        var reply = (await fan.InvokeAsync(HubMethods.Follow, new FollowRequest { Channel = Channel })).GetProperty("result");

        fan.Pushed.ShouldBeEmpty("no update may overtake the reply");
        reply.GetProperty("offset").GetInt64().ShouldBe(0);
        (await fan.WaitForUpdateAsync(_ => true)).GetProperty("offset").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task The_reply_comes_before_the_updates_that_follow_it_and_nothing_is_missing_in_between()
    {
        await using var node = await StartAsync(_log);
        using var stop = new CancellationTokenSource();
        var publishing = Task.Run(async () =>
        {
            // A steady stream; faster than a node can relay, it would be cut into snapshots.
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            for (var i = 1; !stop.IsCancellationRequested; i++)
            {
                await pace.WaitForNextTickAsync();
                await AppendAsync($"poll:{i % 5}", i);
            }
        });
        for (var i = 0; i < 40; i++)
        {
            await using var fan = await node.ConnectAsync();
            var reply = (await fan.InvokeAsync(HubMethods.Follow, new FollowRequest { Channel = Channel })).GetProperty("result");
            fan.Pushed.ShouldBeEmpty("no update may overtake the reply");
            var offset = reply.GetProperty("offset").GetInt64();
            await fan.WaitForUpdateAsync(u => u.GetProperty("offset").GetInt64() >= offset + 3);
            Offsets(fan).Take(3).ShouldBe([offset + 1, offset + 2, offset + 3]);
        }

        await stop.CancelAsync();
        await publishing;
    }

    /// <summary>To a handful, updates go out where they come in; to more, on another thread.</summary>
    [Fact]
    public async Task However_many_follow_and_leave_meanwhile_everybody_hears_everything_once_and_in_order()
    {
        // The watch does not help out.
        await using var node = await StartAsync(_log, o => o.WatchInterval = TimeSpan.FromSeconds(10));
        using var stop = new CancellationTokenSource();
        var publishing = Task.Run(async () =>
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            var last = 0;
            while (!stop.IsCancellationRequested)
            {
                await pace.WaitForNextTickAsync();
                // Two at once: the second comes while the first is being delivered.
                await Task.WhenAll(AppendAsync($"poll:{++last}"), AppendAsync($"poll:{++last}"));
            }

            return last;
        });
        var fans = new List<(RawFan Fan, long From)>();
        for (var round = 0; round < 3; round++)
        {
            while (fans.Count < 12)
            {
                var (fan, reply) = await node.FollowAsync(Channel);
                fans.Add((fan, reply.GetProperty("offset").GetInt64()));
            }

            foreach (var (fan, from) in fans.Skip(4))
            {
                await fan.WaitForUpdateAsync(u => u.GetProperty("offset").GetInt64() >= from + 5);
                Offsets(fan).ShouldBe(Enumerable.Range(1, Offsets(fan).Count()).Select(i => from + i));
                await fan.DisposeAsync();
            }

            fans.RemoveRange(4, fans.Count - 4);
            await Eventually.TrueAsync(() => node.Relay.Followers.GetValueOrDefault(Channel) == fans.Count, "the others have left");
        }

        await stop.CancelAsync();
        var end = await publishing;
        foreach (var (fan, from) in fans)
        {
            await fan.WaitForUpdateAsync(u => u.GetProperty("offset").GetInt64() == end);
            Offsets(fan).ShouldBe(Enumerable.Range(1, (int)(end - from)).Select(i => from + i));
            await fan.DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_follows_without_awaiting_a_reply_gets_the_updates_all_the_same()
    {
        await using var node = await StartAsync(_log);
        await using var fan = await node.ConnectAsync();
        await fan.SendAsync("""{"type":1,"target":"Follow","arguments":[{"channel":"medals"}]}""");
        await Eventually.TrueAsync(() => node.Relay.Followers.GetValueOrDefault(Channel) == 1, "it follows");
        await AppendAsync("poll:1");
        (await fan.WaitForUpdateAsync(_ => true)).GetProperty("offset").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task What_sits_behind_a_gate_is_sent_to_those_only_who_have_passed_it()
    {
        await using var node = await StartAsync(_log);
        var (voter, _) = await node.FollowAsync(Channel);
        var (onlooker, _) = await node.FollowAsync(Channel);
        await _log.AppendAsync(Channel, Item("tally:1", 1, DeliveryClass.Latest) with { Gate = "1" });
        await Eventually.TrueAsync(async () => await node.Relay.FindItemAsync(Channel, "tally:1") is not null, "the node has it");

        await voter.InvokeAsync("OpenGate", Channel, "1");
        (await voter.WaitForUpdateAsync(u => u.GetProperty("key").GetString() == "tally:1")).GetProperty("version").GetInt64().ShouldBe(1);
        await _log.AppendAsync(Channel, Item("tally:1", 2, DeliveryClass.Latest) with { Gate = "1" });
        await voter.WaitForUpdateAsync(u => u.GetProperty("version").GetInt64() == 2);
        await AppendAsync("poll:end");
        await onlooker.WaitForUpdateAsync(u => u.GetProperty("key").GetString() == "poll:end");

        onlooker.Updates.ShouldHaveSingleItem();
        var (late, reply) = await node.FollowAsync(Channel);
        reply.GetProperty("updates").EnumerateArray().Select(u => u.GetProperty("key").GetString()).ShouldBe(["poll:end"]);
        var (_, items) = (await node.Relay.SnapshotAsync(Channel, locale: null))!.Value;
        items.Count.ShouldBe(1);
        foreach (var fan in (RawFan[])[voter, onlooker, late])
        {
            await fan.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_was_taken_away_is_not_told_again_to_who_resumes_from_before_it()
    {
        await using var node = await StartAsync(_log);
        var (watcher, reply) = await node.FollowAsync(Channel);
        await _log.AppendAsync(Channel, Item("poll:secret", 1, DeliveryClass.Logged) with { Data = """{"title":"withdrawn"}"""u8.ToArray() });
        await AppendAsync("poll:other");
        await _log.AppendAsync(Channel, Item("poll:secret", 2, DeliveryClass.Logged) with { Data = default });
        await watcher.WaitForUpdateAsync(u => u.GetProperty("offset").GetInt64() == 3);
        var from = new Position(reply.GetProperty("epoch").GetString()!, 0);

        // From a node that saw it happen, and from one that reads the log.
        await using var another = await StartAsync(_log);
        foreach (var host in (RelayHost[])[node, another])
        {
            var (fan, resumed) = await host.FollowAsync(Channel, from);
            resumed.GetProperty("recovered").GetBoolean().ShouldBeTrue();
            resumed.GetProperty("updates").EnumerateArray().Select(u => u.GetProperty("offset").GetInt64()).ShouldBe([1, 2, 3]);
            resumed.GetRawText().ShouldNotContain("withdrawn");
            await fan.DisposeAsync();
        }

        await watcher.DisposeAsync();
    }

    [Fact]
    public async Task Made_up_languages_of_one_fan_take_nobody_elses_away()
    {
        await using var node = await StartAsync(_log, fanout: o => o.MaxChannels = 10_000);
        await using (var stranger = await node.ConnectAsync())
        {
            for (var i = 0; i < 5_000; i++)
            {
                await stranger.InvokeAsync(HubMethods.Follow, new FollowRequest { Channel = Channel, Locale = $"x{i}" });
            }

            var (fan, _) = await node.FollowAsync(Channel, locale: "fr");
            await _log.AppendAsync(Channel, Item("poll:1", 1, DeliveryClass.Logged) with { DefaultLocale = "en", Data = """{"title":{"$t":{"en":"Who?","fr":"Qui ?"}}}"""u8.ToArray() });
            (await fan.WaitForUpdateAsync(_ => true)).GetProperty("data").GetProperty("title").GetString().ShouldBe("Qui ?");
            await fan.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_handshake_without_end_is_closed_before_it_takes_memory()
    {
        await using var node = await StartAsync(_log);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(node.Address) { Scheme = "ws", Path = HubMethods.Path }.Uri, CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var chunk = new byte[16 * 1024];
        Array.Fill(chunk, (byte)'x');
        var sent = 0;
        await Should.ThrowAsync<WebSocketException>(async () =>
        {
            // Ten times what kernels keep in between.
            for (; sent < 100 * 1024 * 1024; sent += chunk.Length)
            {
                await socket.SendAsync(chunk, WebSocketMessageType.Text, endOfMessage: false, limit.Token);
            }
        });
    }

    [Theory]
    [InlineData("fr-CA", "Qui ?", "fr", "A", "en")]
    [InlineData("FR", "Qui ?", "fr", "A", "en")]
    [InlineData("de", "Who?", "en", "A", null)]
    [InlineData(null, "Who?", "en", "A", null)]
    [InlineData("zh-Hant-TW", "誰?", "zh-Hant", "A", "en")]
    [InlineData("es", "Who?", "en", "Á", "es")]
    public async Task Each_follower_gets_the_item_in_a_language_that_suits(string? locale, string title, string lang, string label, string? labelLang)
    {
        await using var node = await StartAsync(_log);
        var (fan, _) = await node.FollowAsync(Channel, locale: locale);
        await _log.AppendAsync(Channel, Item("poll:1", 1, DeliveryClass.Logged) with
        {
            DefaultLocale = "en",
            Data = Encoding.UTF8.GetBytes("""{"title":{"$t":{"en":"Who?","fr":"Qui ?","zh-Hant":"誰?"}},"options":[{"id":"a","label":{"$t":{"en":"A","es":"Á"}}}]}"""),
        });

        var data = (await fan.WaitForUpdateAsync(_ => true)).GetProperty("data");
        data.GetProperty("title").GetString().ShouldBe(title);
        data.GetProperty("lang").GetString().ShouldBe(lang);
        var option = data.GetProperty("options")[0];
        option.GetProperty("label").GetString().ShouldBe(label);
        (option.TryGetProperty("lang", out var own) ? own.GetString() : null).ShouldBe(labelLang);
        await fan.DisposeAsync();
    }

    [Fact]
    public async Task A_channel_in_a_new_life_reaches_every_follower_as_a_snapshot_under_its_new_epoch()
    {
        await using var node = await StartAsync(_log);
        await AppendAsync("poll:old", 1);
        var (fan, reply) = await node.FollowAsync(Channel);
        var other = new InMemoryChannelLog(Options.Create(new ChannelOptions()), TimeProvider.System);
        await other.AppendAsync(Channel, Item("poll:new", 1, DeliveryClass.Logged));
        _log.Inner = other;

        var resync = (await fan.WaitForPushAsync(m => RawFan.IsCall(m, HubMethods.Notice))).GetProperty("arguments")[0];
        var update = await fan.WaitForUpdateAsync(_ => true);
        resync.GetProperty("code").GetString().ShouldBe(NoticeCodes.Resync);
        resync.GetProperty("channel").GetString().ShouldBe(Channel);
        resync.GetProperty("epoch").GetString().ShouldNotBe(reply.GetProperty("epoch").GetString());
        update.GetProperty("key").GetString().ShouldBe("poll:new");
        update.GetProperty("epoch").GetString().ShouldBe(resync.GetProperty("epoch").GetString());
        await fan.DisposeAsync();
    }

    [Fact]
    public async Task A_log_that_comes_back_with_less_than_was_seen_begins_a_new_epoch_and_every_follower_starts_again()
    {
        await using var node = await StartAsync(_log);
        await AppendAsync("poll:1", 1);
        var (fan, reply) = await node.FollowAsync(Channel);
        await AppendAsync("poll:1", 2);
        await AppendAsync("poll:2", 1);
        await fan.WaitForUpdateAsync(u => u.GetProperty("offset").GetInt64() == 3);

        // As a copy taken after the first update would: the same epoch, and less in it.
        var real = _log.Inner;
        var epoch = reply.GetProperty("epoch").GetString()!;
        _log.Inner = new OlderLog(real, new ChannelHead(epoch, 1, 1));

        var resync = (await fan.WaitForPushAsync(m => IsNotice(m, NoticeCodes.Resync))).GetProperty("arguments")[0];
        resync.GetProperty("epoch").GetString().ShouldNotBe(epoch);
        await AppendAsync("poll:3", 1);
        await fan.WaitForUpdateAsync(u => u.GetProperty("key").GetString() == "poll:3" && u.GetProperty("epoch").GetString() == resync.GetProperty("epoch").GetString());
        var (late, resumed) = await node.FollowAsync(Channel, new Position(epoch, 3));
        resumed.GetProperty("recovered").GetBoolean().ShouldBeFalse();
        await fan.DisposeAsync();
        await late.DisposeAsync();
    }

    [Fact]
    public async Task While_the_log_is_away_followers_keep_what_they_have_and_are_told_and_then_get_what_they_missed()
    {
        await using var node = await StartAsync(_log);
        await AppendAsync("poll:1");
        var (fan, _) = await node.FollowAsync(Channel);
        _log.Away = true;
        await fan.WaitForPushAsync(m => IsNotice(m, NoticeCodes.Stale));
        node.Relay.IsFresh.ShouldBeFalse();
        var (newcomer, reply) = await node.FollowAsync(Channel);
        reply.GetProperty("updates").GetArrayLength().ShouldBe(1);
        await newcomer.WaitForPushAsync(m => IsNotice(m, NoticeCodes.Stale));
        await using (var stranger = await node.ConnectAsync())
        {
            (await stranger.InvokeAsync(HubMethods.Follow, new FollowRequest { Channel = "another" })).TryGetProperty("error", out _).ShouldBeTrue();
        }

        _log.OnNotification = (_, _) => { };
        await _log.Inner.AppendAsync(Channel, Item("poll:2", 1, DeliveryClass.Logged));
        _log.Away = false;
        await fan.WaitForPushAsync(m => IsNotice(m, NoticeCodes.Fresh));
        await fan.WaitForUpdateAsync(u => u.GetProperty("key").GetString() == "poll:2");
        await fan.DisposeAsync();
        await newcomer.DisposeAsync();
    }

    [Theory]
    [InlineData(256 * 1024, 300)]
    [InlineData(64 * 1024 * 1024, 1)]
    public async Task A_reader_that_stops_reading_is_closed_for_what_waits_or_for_how_long_and_the_others_miss_nothing(int maxWaitingBytes, int stallSeconds)
    {
        await using var node = await StartAsync(_log, fanout: o =>
        {
            o.MaxWaitingBytes = maxWaitingBytes;
            o.StallTimeout = TimeSpan.FromSeconds(stallSeconds);
        });
        var (reader, _) = await node.FollowAsync(Channel);
        var (stalled, _) = await node.FollowAsync(Channel);
        await Eventually.TrueAsync(() => node.Connections.Count == 2, "both are there");
        var large = Encoding.UTF8.GetBytes($$"""{"filler":"{{new string('x', 60_000)}}"}""");
        for (var i = 1; i <= 200; i++)
        {
            await _log.AppendAsync(Channel, Item("poll:1", i, DeliveryClass.Logged) with { Data = large });
            // The reader reads as it comes; the other one never does.
            await reader.WaitForUpdateAsync(u => u.GetProperty("offset").GetInt64() == i);
        }

        Offsets(reader).ShouldBe(Enumerable.Range(1, 200).Select(i => (long)i));
        await Eventually.TrueAsync(() => node.Connections.Count == 1, "the stalled one is closed");
        await Should.ThrowAsync<WebSocketException>(async () =>
        {
            while (true)
            {
                await stalled.WaitForPushAsync(_ => false);
            }
        });
        await reader.DisposeAsync();
        await stalled.DisposeAsync();
    }

    [Fact]
    public async Task Fleeting_updates_reach_those_who_follow_now_and_are_in_no_snapshot()
    {
        await using var node = await StartAsync(_log);
        var (fan, reply) = await node.FollowAsync(Channel);
        var position = new Position(reply.GetProperty("epoch").GetString()!, reply.GetProperty("offset").GetInt64());
        var reads = _log.Reads;
        var marks = 0;
        foreach (var version in (long[])[7, 8, 3])
        {
            // One that comes while something else is being written is dropped, as it should be.
            await Eventually.TrueAsync(
                async () =>
                {
                    await AppendAsync("cheer:1", version, DeliveryClass.Fleeting);
                    await AppendAsync("poll:1", ++marks);
                    await fan.WaitForUpdateAsync(u => u.GetProperty("kind").GetString() == "poll" && u.GetProperty("version").GetInt64() == marks);
                    return Cheers().Any(u => u.GetProperty("version").GetInt64() == version);
                },
                "it arrives");
        }

        var cheers = Cheers().ToList();
        cheers.Select(u => u.GetProperty("version").GetInt64()).Distinct().ShouldBe([7, 8, 3]);
        cheers[0].GetProperty("key").GetString().ShouldBe("cheer:1");
        cheers[0].GetProperty("data").ValueKind.ShouldBe(JsonValueKind.Object);
        _log.Reads.ShouldBe(reads, "they leave no hole that would have to be filled");

        var (late, snapshot) = await node.FollowAsync(Channel);
        var (back, missed) = await node.FollowAsync(Channel, position);
        snapshot.GetProperty("updates").EnumerateArray().Select(u => u.GetProperty("kind").GetString()).ShouldBe(["poll"]);
        missed.GetProperty("recovered").GetBoolean().ShouldBeTrue();
        missed.GetProperty("updates").EnumerateArray().ShouldAllBe(u => u.GetProperty("kind").GetString() == "poll");
        (await node.Relay.SnapshotAsync(Channel, locale: null))!.Value.Items.Count.ShouldBe(1);
        (await node.Relay.FindItemAsync(Channel, "cheer:1")).ShouldBeNull();
        foreach (var one in (RawFan[])[fan, late, back])
        {
            await one.DisposeAsync();
        }

        IEnumerable<JsonElement> Cheers() => fan.Updates.Where(u => u.GetProperty("class").GetString() == "fleeting");
    }

    [Fact]
    public async Task A_reader_that_stops_reading_loses_fleeting_updates_and_nothing_else()
    {
        const int Count = 400;
        await using var node = await StartAsync(_log, fanout: o => o.StallTimeout = TimeSpan.FromMinutes(5));
        var (reader, _) = await node.FollowAsync(Channel);
        var (slow, _) = await node.FollowAsync(Channel);
        var large = Encoding.UTF8.GetBytes($$"""{"filler":"{{new string('x', 60_000)}}"}""");
        for (var i = 1; i <= Count; i++)
        {
            await _log.AppendAsync(Channel, Item("cheer:1", i, DeliveryClass.Fleeting) with { Data = large });
            await AppendAsync("poll:1", i);
            await reader.WaitForUpdateAsync(u => u.GetProperty("class").GetString() == "logged" && u.GetProperty("offset").GetInt64() == i);
        }

        node.Connections.Count.ShouldBe(2, "what is dropped does not wait, and closes nobody");
        await slow.WaitForUpdateAsync(u => u.GetProperty("class").GetString() == "logged" && u.GetProperty("offset").GetInt64() == Count);
        Offsets(slow).ShouldBe(Enumerable.Range(1, Count).Select(i => (long)i));
        Fleeting(slow).ShouldBeLessThan(Count);
        Fleeting(slow).ShouldBeLessThan(Fleeting(reader));
        await reader.DisposeAsync();
        await slow.DisposeAsync();

        static int Fleeting(RawFan fan) => fan.Updates.Count(u => u.GetProperty("class").GetString() == "fleeting");
    }

    [Fact]
    public async Task Unfollowing_ends_the_updates_and_the_channel_is_let_go_of_and_can_be_followed_again()
    {
        await using var node = await StartAsync(_log, o =>
        {
            o.Linger = TimeSpan.FromMilliseconds(200);
            o.WatchInterval = TimeSpan.FromMilliseconds(50);
        });
        await _log.CreateAsync("other");
        var (fan, _) = await node.FollowAsync(Channel);
        await fan.InvokeAsync(HubMethods.Follow, new FollowRequest { Channel = "other" });
        await fan.InvokeAsync(HubMethods.Unfollow, Channel);
        await AppendAsync("poll:1");
        await _log.AppendAsync("other", Item("poll:2", 1, DeliveryClass.Logged));
        await fan.WaitForUpdateAsync(u => u.GetProperty("key").GetString() == "poll:2");
        fan.Updates.ShouldHaveSingleItem();
        await Eventually.TrueAsync(() => !node.Relay.Followers.ContainsKey(Channel), "the node has let go of the channel");

        var reply = (await fan.InvokeAsync(HubMethods.Follow, new FollowRequest { Channel = Channel })).GetProperty("result");
        reply.GetProperty("updates").GetArrayLength().ShouldBe(1);
        await AppendAsync("poll:3");
        await fan.WaitForUpdateAsync(u => u.GetProperty("key").GetString() == "poll:3");
        await fan.DisposeAsync();
    }

    [Fact]
    public async Task A_channel_that_there_was_not_can_be_followed_soon_after_it_was_made()
    {
        await using var node = await StartAsync(_log);
        await using var fan = await node.ConnectAsync();
        (await fan.InvokeAsync(HubMethods.Follow, new FollowRequest { Channel = "soon" })).TryGetProperty("error", out _).ShouldBeTrue();
        await _log.CreateAsync("soon");
        await Eventually.TrueAsync(async () => (await fan.InvokeAsync(HubMethods.Follow, new FollowRequest { Channel = "soon" })).TryGetProperty("result", out _), "it is found");
    }

    private Task<RelayHost> StartAsync(IChannelLog log, Action<ChannelOptions>? channels = null, Action<FanoutOptions>? fanout = null) => RelayHost.StartAsync(log, channels, fanout, stock: Stock);

    protected static Item Item(string key, long version, DeliveryClass deliveryClass) => new()
    {
        Key = key,
        Kind = key[..key.IndexOf(':', StringComparison.Ordinal)],
        Class = deliveryClass,
        Version = version,
        At = DateTimeOffset.UnixEpoch,
        Data = "{}"u8.ToArray(),
    };

    private static void Do(bool condition, Action action)
    {
        if (condition)
        {
            action();
        }
    }

    private static bool IsNotice(JsonElement message, string code) =>
        RawFan.IsCall(message, HubMethods.Notice) && message.GetProperty("arguments")[0].GetProperty("code").GetString() == code;

    private static IEnumerable<long> Offsets(RawFan fan) => fan.Updates.Where(u => u.GetProperty("class").GetString() == "logged").Select(u => u.GetProperty("offset").GetInt64());

    private Task<AppendResult> AppendAsync(string key, long version = 1, DeliveryClass deliveryClass = DeliveryClass.Logged) => _log.AppendAsync(Channel, Item(key, version, deliveryClass));
}

public class InMemoryRelayTests : RelayContract
{
    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected override Task<IChannelLog> OpenAsync() =>
        Task.FromResult<IChannelLog>(new InMemoryChannelLog(Options.Create(new ChannelOptions()), TimeProvider.System));
}

/// <summary>Where TLS ends in the process, fans have SignalR's own transport, and may rely on the same.</summary>
public sealed class StockTransportRelayTests : InMemoryRelayTests
{
    protected override bool Stock => true;
}

public sealed class RedisRelayTests(RedisFixture fixture) : RelayContract
{
    private RedisConnection? _redis;

    public override async ValueTask DisposeAsync() => await _redis!.DisposeAsync();

    protected override async Task<IChannelLog> OpenAsync()
    {
        _redis = await fixture.ConnectAsync();
        return new RedisChannelLog(_redis, Options.Create(new ChannelOptions()), NullLogger<RedisChannelLog>.Instance);
    }
}
