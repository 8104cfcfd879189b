using Microsoft.Playwright;

namespace FanHub.EndToEnd;

/// <summary>Debian's Chromium, without a window and without anything of its own to say to the network.</summary>
internal static class Chromium
{
    /// <summary>Starts one.</summary>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });

    /// <summary>Opens an address in a browser of its own kind, and waits until the page is live.</summary>
    public static async Task<IPage> OpenAsync(this IBrowser browser, Uri address, BrowserNewContextOptions? options = null)
    {
        var context = await browser.NewContextAsync(options ?? new BrowserNewContextOptions());
        var page = await context.NewPageAsync();
        await page.GotoAsync(address.ToString());
        await Assertions.Expect(page.Locator("#status")).ToHaveAttributeAsync("data-status", "live", new LocatorAssertionsToHaveAttributeOptions { Timeout = 15_000 });
        return page;
    }
}
