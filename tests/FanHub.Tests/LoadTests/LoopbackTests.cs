using FanHub.LoadTests.Running;

namespace FanHub.Tests.LoadTests;

public sealed class LoopbackTests
{
    [Theory]
    [InlineData("http://localhost:5080")]
    [InlineData("http://127.0.0.1:5080/")]
    [InlineData("http://127.8.9.10")]
    [InlineData("https://[::1]:5081")]
    public void This_machine_may_be_tested(string url) => Loopback.Read(url, out _).ShouldBeNull();

    [Theory]
    [InlineData("http://example.com")]
    [InlineData("http://localhost.example.com")]
    [InlineData("http://127.0.0.1.example.com")]
    [InlineData("http://127.0.0.1@example.com")]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://192.168.0.1:5080")]
    [InlineData("http://[2001:db8::1]")]
    [InlineData("http://localhost/other")]
    [InlineData("ftp://localhost")]
    [InlineData("localhost:5080")]
    public void Nothing_else_may_be(string url) => Loopback.Read(url, out _).ShouldNotBeNull();
}
