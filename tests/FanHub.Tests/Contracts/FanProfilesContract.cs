using FanHub.Server.Ballots;
using FanHub.Server.Fans;

namespace FanHub.Tests.Contracts;

/// <summary>What every store of fans' profiles promises. Derived for each implementation.</summary>
public abstract class FanProfilesContract : IAsyncLifetime
{
    private const string Quiz = "quiz-1";

    private static readonly DateTimeOffset Noon = new(2026, 2, 10, 12, 0, 0, TimeSpan.Zero);

    private protected static TimeSpan ForgottenFor => TimeSpan.FromDays(2);

    private protected IFanProfiles Profiles { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Profiles = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_fan_has_no_name_until_one_is_set_and_none_after_it_was_taken_away()
    {
        (await Profiles.FindNameAsync(7)).ShouldBeNull();

        await Profiles.SetNameAsync(7, "Ana");
        (await Profiles.FindNameAsync(7)).ShouldBe("Ana");
        await Profiles.SetNameAsync(7, "Анна 🏅 안나");
        (await Profiles.FindNameAsync(7)).ShouldBe("Анна 🏅 안나");

        await Profiles.SetNameAsync(7, null);
        (await Profiles.FindNameAsync(7)).ShouldBeNull();
        await Profiles.SetNameAsync(7, null);
    }

    [Fact]
    public async Task Names_of_many_are_found_at_once_and_neighbours_are_kept_apart()
    {
        long[] fans = [0, 1, 126, 127, 128, 129, 255, 256, 12_345, (1L << 40) + 127, BallotRules.MaxFan - 1, BallotRules.MaxFan];
        foreach (var fan in fans)
        {
            await Profiles.SetNameAsync(fan, $"name {fan}");
        }

        var names = await Profiles.FindNamesAsync([.. fans, 2, 130, 999_999, 127, 127]);

        names.OrderBy(n => n.Key).ShouldBe(fans.Select(f => KeyValuePair.Create(f, $"name {f}")));
        (await Profiles.FindNamesAsync([])).ShouldBeEmpty();
        (await Profiles.FindNamesAsync([.. Enumerable.Range(0, IFanProfiles.MaxNames).Select(i => i * 1000L)])).Keys.ShouldBe([0L], ignoreOrder: true);
        await Should.ThrowAsync<ArgumentException>(() => Profiles.FindNamesAsync([.. Enumerable.Range(0, IFanProfiles.MaxNames + 1).Select(i => (long)i)]));
    }

    [Fact]
    public async Task Of_several_wishes_for_more_time_the_first_counts()
    {
        (await Profiles.FindMoreTimeAsync(Quiz, 7)).ShouldBeNull();
        (await Profiles.CountMoreTimeAsync(Quiz)).ShouldBe(0);

        (await Profiles.AskMoreTimeAsync(Quiz, 7, Noon)).ShouldBe(Noon);
        (await Profiles.AskMoreTimeAsync(Quiz, 7, Noon.AddSeconds(9))).ShouldBe(Noon);
        await Profiles.AskMoreTimeAsync(Quiz, 8, Noon.AddMilliseconds(1));
        await Profiles.AskMoreTimeAsync("quiz-2", 9, Noon);

        (await Profiles.FindMoreTimeAsync(Quiz, 7)).ShouldBe(Noon);
        (await Profiles.FindMoreTimeAsync(Quiz, 8)).ShouldBe(Noon.AddMilliseconds(1));
        (await Profiles.FindMoreTimeAsync(Quiz, 9)).ShouldBeNull();
        (await Profiles.CountMoreTimeAsync(Quiz)).ShouldBe(2);
    }

    [Fact]
    public async Task Whether_any_asked_is_told_for_the_time_before_a_moment()
    {
        (await Profiles.AnyMoreTimeBeforeAsync(Quiz, Noon)).ShouldBeFalse();
        await Profiles.AskMoreTimeAsync(Quiz, 8, Noon.AddSeconds(5));
        await Profiles.AskMoreTimeAsync(Quiz, 7, Noon);

        (await Profiles.AnyMoreTimeBeforeAsync(Quiz, Noon)).ShouldBeFalse();
        (await Profiles.AnyMoreTimeBeforeAsync(Quiz, Noon.AddMilliseconds(1))).ShouldBeTrue();
        (await Profiles.AnyMoreTimeBeforeAsync("quiz-2", Noon.AddDays(1))).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_who_is_forgotten_name_and_wishes_are_gone_and_nobody_elses()
    {
        foreach (var fan in (long[])[7, 8])
        {
            await Profiles.SetNameAsync(fan, "Ana");
            await Profiles.AskMoreTimeAsync(Quiz, fan, Noon);
            await Profiles.AskMoreTimeAsync("quiz-2", fan, Noon);
        }

        await Profiles.ForgetAsync(7);

        (await Profiles.FindNameAsync(7)).ShouldBeNull();
        (await Profiles.FindNamesAsync([7, 8])).Keys.ShouldBe([8L]);
        (await Profiles.FindMoreTimeAsync(Quiz, 7)).ShouldBeNull();
        (await Profiles.CountMoreTimeAsync(Quiz)).ShouldBe(1);
        (await Profiles.CountMoreTimeAsync("quiz-2")).ShouldBe(1);
        (await Profiles.FindNameAsync(8)).ShouldBe("Ana");
    }

    [Fact]
    public async Task Of_who_is_forgotten_nothing_is_kept_any_more_whichever_node_is_asked()
    {
        var other = await OpenAnotherAsync();
        await Profiles.ForgetAsync(7);

        await Should.ThrowAsync<FanForgottenException>(() => other.SetNameAsync(7, "Ana"));
        await Should.ThrowAsync<FanForgottenException>(() => other.SetNameAsync(7, null));
        await Should.ThrowAsync<FanForgottenException>(() => other.AskMoreTimeAsync(Quiz, 7, Noon));

        (await Profiles.FindNameAsync(7)).ShouldBeNull();
        (await Profiles.CountMoreTimeAsync(Quiz)).ShouldBe(0);
    }

    [Fact]
    public async Task Forgotten_fans_are_told_in_the_order_of_their_moments_from_any_moment_on()
    {
        (await SinceAsync(DateTimeOffset.UnixEpoch)).ShouldBeEmpty();
        var forgotten = new List<ForgottenFan>();
        foreach (var fan in (long[])[30, 10, BallotRules.MaxFan])
        {
            forgotten.Add(new ForgottenFan(fan, await Profiles.ForgetAsync(fan)));
            await PassAsync();
        }

        (await SinceAsync(DateTimeOffset.UnixEpoch)).ShouldBe(forgotten);
        (await SinceAsync(forgotten[1].At)).ShouldBe(forgotten[1..]);
        (await SinceAsync(forgotten[2].At.AddMilliseconds(1))).ShouldBeEmpty();

        // Once more: the moment is a later one.
        var again = await Profiles.ForgetAsync(30);
        again.ShouldBeGreaterThan(forgotten[2].At);
        (await SinceAsync(DateTimeOffset.UnixEpoch)).ShouldBe([.. forgotten[1..], new ForgottenFan(30, again)]);
    }

    [Fact]
    public async Task Many_forgotten_fans_are_all_told_also_those_of_one_moment()
    {
        // More than two pages of one moment, and as many of moments of their own.
        var moment = (await Profiles.ForgetAsync(1)).AddHours(-1);
        var sameMoment = Enumerable.Range(1_000_000, 11_000).Select(i => new ForgottenFan(i, moment));
        var others = Enumerable.Range(2_000_000, 11_000).Select(i => new ForgottenFan(i, moment.AddMilliseconds(i - 2_000_000)));
        await Profiles.RestoreForgottenAsync([.. sameMoment, .. others]);

        (await SinceAsync(DateTimeOffset.UnixEpoch)).Select(f => f.Fan).Distinct().Count().ShouldBe(22_001);
    }

    [Fact]
    public async Task Putting_back_what_is_there_changes_nothing()
    {
        var at = await Profiles.ForgetAsync(7);
        await Profiles.RestoreForgottenAsync([new ForgottenFan(7, at.AddHours(-1)), new ForgottenFan(8, at.AddHours(-2))]);

        (await SinceAsync(DateTimeOffset.UnixEpoch)).ShouldBe([new ForgottenFan(8, at.AddHours(-2)), new ForgottenFan(7, at)]);
        await Should.ThrowAsync<FanForgottenException>(() => Profiles.SetNameAsync(8, "Ana"));
    }

    [Fact]
    public async Task Who_was_forgotten_so_long_ago_that_no_token_is_left_is_not_noted_any_more()
    {
        var now = await Profiles.ForgetAsync(1);
        await Profiles.RestoreForgottenAsync([new ForgottenFan(2, now - ForgottenFor - TimeSpan.FromMinutes(1)), new ForgottenFan(3, now - ForgottenFor + TimeSpan.FromMinutes(1))]);

        await Profiles.ForgetAsync(4);

        (await SinceAsync(DateTimeOffset.UnixEpoch)).Select(f => f.Fan).ShouldBe([3L, 1, 4], ignoreOrder: true);
    }

    /// <summary>Opens a store with nothing in it.</summary>
    private protected abstract Task<IFanProfiles> OpenAsync();

    /// <summary>The same store, as another node sees it; where only one can be, the same.</summary>
    private protected abstract Task<IFanProfiles> OpenAnotherAsync();

    /// <summary>Lets some time pass on the store's clock.</summary>
    private protected abstract Task PassAsync();

    /// <summary>Closes all that were opened.</summary>
    private protected abstract Task CloseAsync();

    private protected async Task<List<ForgottenFan>> SinceAsync(DateTimeOffset moment)
    {
        var fans = new List<ForgottenFan>();
        await foreach (var fan in Profiles.ForgottenSinceAsync(moment))
        {
            fans.Add(fan);
        }

        return fans;
    }
}
