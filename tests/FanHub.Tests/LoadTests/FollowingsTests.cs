using FanHub.LoadTests.Followers;

namespace FanHub.Tests.LoadTests;

/// <summary>What is compared over the number of channels is only the same if channels have the followers they are said to have.</summary>
public sealed class FollowingsTests
{
    private const int Nodes = 2;

    [Theory]
    [InlineData(5_000, 20, 250)]
    [InlineData(5_000, 100, 250)]
    [InlineData(5_000, 1_000, 250)]
    [InlineData(500, 10, 50)]
    [InlineData(500, 1_000, 50)]
    [InlineData(1_001, 34, 30)]
    [InlineData(7, 3, 7)]
    [InlineData(7, 1, 7)]
    public void Each_channel_has_exactly_so_many_followers_and_each_fan_as_many_channels_as_any_other(int fans, int channels, int followers)
    {
        var followings = Followings.OfSize(fans, channels, followers);

        var followersOf = FollowersOf(followings, fans);
        followersOf.ShouldAllBe(f => f.Count == followers && f.Distinct().Count() == followers);
        Enumerable.Range(0, channels).ShouldAllBe(c => followings.FollowersOf(c) == followers);
        var perFan = Enumerable.Range(0, fans).Select(f => followings.ChannelsOf(f).Count).ToList();
        perFan.Max().ShouldBe(Followings.ChannelsPerFan(fans, channels, followers));
        perFan.Min().ShouldBe(channels * followers / fans);
    }

    [Theory]
    [InlineData(5_000, 20, 250)]
    [InlineData(5_000, 100, 250)]
    [InlineData(5_000, 1_000, 250)]
    public void Each_node_has_half_of_every_channels_followers(int fans, int channels, int followers)
    {
        var followersOf = FollowersOf(Followings.OfSize(fans, channels, followers), fans);

        // Fans come to the nodes in turn.
        followersOf.ShouldAllBe(f => f.Count(fan => fan % Nodes == 0) == followers / Nodes);
    }

    [Theory]
    [InlineData(5_000, 20, 250)]
    [InlineData(5_000, 100, 250)]
    [InlineData(5_000, 1_000, 250)]
    public void No_two_channels_have_the_same_followers_and_neighbours_have_none_in_common(int fans, int channels, int followers)
    {
        var followersOf = FollowersOf(Followings.OfSize(fans, channels, followers), fans);

        followersOf.Select(f => string.Join(',', f)).Distinct().Count().ShouldBe(channels);
        followersOf.Zip(followersOf.Skip(1)).ShouldAllBe(pair => !pair.First.Intersect(pair.Second).Any());
    }

    [Fact]
    public void A_fans_channels_are_in_the_order_in_which_they_are_updated()
    {
        var followings = Followings.OfSize(5_000, 1_000, 250);

        Enumerable.Range(0, 5_000).ShouldAllBe(f => followings.ChannelsOf(f).SequenceEqual(followings.ChannelsOf(f).Order()));
    }

    [Fact]
    public void Where_each_follows_one_the_channels_are_taken_in_turn()
    {
        var followings = Followings.OneEach(fans: 5, channels: 2);

        Enumerable.Range(0, 5).SelectMany(followings.ChannelsOf).ShouldBe([0, 1, 0, 1, 0]);
        (followings.Channels, followings.FollowersOf(0), followings.FollowersOf(1)).ShouldBe((2, 3, 2));
    }

    private static List<List<int>> FollowersOf(Followings followings, int fans)
    {
        var followers = Enumerable.Range(0, followings.Channels).Select(_ => new List<int>()).ToList();
        for (var fan = 0; fan < fans; fan++)
        {
            foreach (var channel in followings.ChannelsOf(fan))
            {
                followers[channel].Add(fan);
            }
        }

        return followers;
    }
}
