using FanHub.Server.Hosting;
using FanHub.Server.Results.Feed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FanHub.Tests.Server.Results.Feed;

public sealed class FeedOptionsTests
{
    [Theory]
    [InlineData("ApiKey", "fifteen-letters")]
    [InlineData("ApiKey", "a key with blanks in it")]
    [InlineData("Flag", "X")]
    [InlineData("Flag", "p")]
    [InlineData("TimeZone", "Nowhere/Land")]
    [InlineData("TimeZone", "W. Europe Standard Time")]
    [InlineData("TimeZone", "../../etc/passwd")]
    [InlineData("Locale", "e n")]
    [InlineData("MaxMessageBytes", "1023")]
    [InlineData("KeepFor", "00:59:59")]
    [InlineData("MinInterval", "00:00:11")]
    public void A_setting_that_makes_no_sense_is_named(string name, string value) =>
        Should.Throw<OptionsValidationException>(() => Read(name, value)).Failures.Single().ShouldContain(name);

    [Theory]
    [InlineData("ApiKey", "sixteen-letters!")]
    [InlineData("ApiKey", "")]
    [InlineData("Flag", "T")]
    [InlineData("TimeZone", "Europe/Paris")]
    [InlineData("TimeZone", "Asia/Kolkata")]
    [InlineData("KeepFor", "90.00:00:00")]
    public void One_that_does_is_taken(string name, string value) => Read(name, value).ShouldNotBeNull();

    [Fact]
    public void The_defaults_are_those_of_the_documentation()
    {
        var options = Read("Other", "");
        options.ApiKey.ShouldBeNull();
        (options.Flag, options.TimeZone, options.Locale, options.MaxMessageBytes, options.KeepFor).ShouldBe(("P", "UTC", "en", 10 * 1024 * 1024, TimeSpan.FromDays(90)));
    }

    private static FeedOptions Read(string name, string value) => Validated.Read<FeedOptions>(
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"{FeedOptions.Section}:{name}", (string?)value)]).Build(), FeedOptions.Section);
}
