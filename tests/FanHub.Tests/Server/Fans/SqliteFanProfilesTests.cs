using FanHub.Server.Fans;
using FanHub.Tests.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace FanHub.Tests.Server.Fans;

public sealed class SqliteFanProfilesTests : FanProfilesContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fanhub-fans-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 10, 12, 0, 0, TimeSpan.Zero));
    private SqliteFanProfiles? _profiles;

    [Fact]
    public async Task What_was_written_is_there_after_the_process_ended_without_warning()
    {
        await Profiles.SetNameAsync(7, "Ana");
        await Profiles.ForgetAsync(8);

        // What lies in the folder at this moment, with the file still open, is what a killed process leaves.
        var copy = Directory.CreateTempSubdirectory("fanhub-fans-").FullName;
        foreach (var file in Directory.GetFiles(_folder))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        using (var reopened = new SqliteFanProfiles(copy, ForgottenFor, _time))
        {
            (await reopened.FindNameAsync(7)).ShouldBe("Ana");
            await Should.ThrowAsync<FanForgottenException>(() => reopened.SetNameAsync(8, "Bea"));
        }

        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task A_closed_file_is_unavailable()
    {
        _profiles!.Dispose();
        await Should.ThrowAsync<FanProfilesUnavailableException>(() => Profiles.FindNameAsync(7));
        await Should.ThrowAsync<FanProfilesUnavailableException>(() => Profiles.SetNameAsync(7, "Ana"));
    }

    [Fact]
    public async Task Wishes_for_more_time_are_kept_for_thirty_days_after_the_last()
    {
        await Profiles.AskMoreTimeAsync("long-ago", 7, _time.GetUtcNow());
        await Profiles.AskMoreTimeAsync("lately", 7, _time.GetUtcNow());
        _time.Advance(TimeSpan.FromDays(2));
        await Profiles.AskMoreTimeAsync("lately", 8, _time.GetUtcNow());
        _time.Advance(TimeSpan.FromDays(29));

        await Profiles.AskMoreTimeAsync("now", 7, _time.GetUtcNow());

        (await Profiles.CountMoreTimeAsync("long-ago")).ShouldBe(0);
        (await Profiles.CountMoreTimeAsync("lately")).ShouldBe(2);
        (await Profiles.CountMoreTimeAsync("now")).ShouldBe(1);
    }

    private protected override Task<IFanProfiles> OpenAsync() => Task.FromResult<IFanProfiles>(_profiles = new SqliteFanProfiles(_folder, ForgottenFor, _time));

    private protected override Task<IFanProfiles> OpenAnotherAsync() => Task.FromResult<IFanProfiles>(_profiles!);

    private protected override Task PassAsync()
    {
        _time.Advance(TimeSpan.FromMilliseconds(5));
        return Task.CompletedTask;
    }

    private protected override Task CloseAsync()
    {
        _profiles?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
