using FanHub.Contracts;
using FanHub.Server.Fans;
using FanHub.Server.Hosting;
using Microsoft.Extensions.Options;

namespace FanHub.Tests.Server.Fans;

public sealed class DisplayNamesTests
{
    private static readonly DisplayNames Names = new(Options.Create(new NameOptions { Blocked = ["doper", "жулик"] }));

    [Theory]
    [InlineData("Ana")]
    [InlineData("X")]
    [InlineData("7")]
    [InlineData("Jean-Luc O'Neill")]
    [InlineData("Zoë Strömqvist")]
    [InlineData("Nguyễn Thị Ánh")]
    [InlineData("Łukasz Żółć")]
    [InlineData("Σωκράτης")]
    [InlineData("Анна Каренина")]
    [InlineData("Աննա")]
    [InlineData("ანა")]
    [InlineData("محمد")]
    [InlineData("مُحَمَّد")]
    [InlineData("می\u200cخواهم")]
    [InlineData("שָׁלוֹם")]
    [InlineData("हिन्दी प्रेमी")]
    [InlineData("क्\u200dष")]
    [InlineData("தமிழ்")]
    [InlineData("বাংলা")]
    [InlineData("ไทยแลนด์")]
    [InlineData("སྐྱིད")]
    [InlineData("አማርኛ")]
    [InlineData("李小龙")]
    [InlineData("さくら ファン")]
    [InlineData("김연아")]
    [InlineData("Ana 🏅")]
    [InlineData("Ana 👩\u200d🚀")]
    [InlineData("❤️ Ana ❤️")]
    [InlineData("Team 🇫🇷")]
    [InlineData("1️⃣ Ana")]
    [InlineData("Fan of Ana")]
    [InlineData("Fanny 1234")]
    [InlineData("Superfan 99")]
    [InlineData("Stafford")]
    [InlineData("Scunthorpe United")]
    [InlineData("Ashkenazi")]
    [InlineData("Yoshitaka")]
    [InlineData("Badminton")]
    [InlineData("Supporter")]
    [InlineData("abcdefghijklmnopqrstuvwx")]
    [InlineData("👩\u200d👩\u200d👧\u200d👦 a")]
    public void Names_of_every_script_are_taken_as_they_are(string name) => Names.Check(name).ShouldBe(UnicodeForms.Compose(name));

    [Theory]
    [InlineData("  Ana ", "Ana")]
    [InlineData("Ana\r\n", "Ana")]
    [InlineData("e\u0301milie", "\u00e9milie")]
    [InlineData("Ａｎａ", "Ana")]
    [InlineData("𝓐𝓷𝓪", "Ana")]
    [InlineData("Ana\u00a0B", "Ana B")]
    public void Names_are_kept_in_one_form(string given, string kept) => Names.Check(given).ShouldBe(kept);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("   ", "empty")]
    [InlineData("abcdefghijklmnopqrstuvwxy", "too long")]
    [InlineData("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦 a", "too long")]
    [InlineData("Ana\nBea", "several lines")]
    [InlineData("Ana\u2028Bea", "several lines")]
    [InlineData("Ana\u0085Bea", "several lines")]
    [InlineData("Ana\tBea", "cannot be shown")]
    [InlineData("Ana\0", "cannot be shown")]
    [InlineData("Ana\u202eaeB", "cannot be shown")]
    [InlineData("\u2066Ana\u2069", "cannot be shown")]
    [InlineData("Ana\u200bBea", "cannot be shown")]
    [InlineData("Ana\u200dBea", "cannot be shown")]
    [InlineData("Ana\u200cBea", "cannot be shown")]
    [InlineData("Ana\u200d", "cannot be shown")]
    [InlineData("Ana\ufeff", "cannot be shown")]
    [InlineData("Ana\ue000", "cannot be shown")]
    [InlineData("Ana\u0378", "cannot be shown")]
    [InlineData("Ana\U000e0041", "cannot be shown")]
    [InlineData("Ana\u1680Bea", "cannot be shown")]
    [InlineData("Ana\ufe0f", "cannot be seen")]
    [InlineData("A\ufe01na", "cannot be seen")]
    [InlineData("\u3164Ana", "cannot be seen")]
    [InlineData("\u2800Ana", "cannot be seen")]
    [InlineData("Ana  Bea", "several spaces")]
    [InlineData("Ana \u00a0Bea", "several spaces")]
    [InlineData("A\u0336\u0337\u0338\u0335na", "too many accents")]
    [InlineData("🏅🏅", "no letter or number")]
    [InlineData("-- !", "no letter or number")]
    [InlineData("Fan 1234", "chose none")]
    [InlineData("fan1", "chose none")]
    [InlineData("FAN-0042", "chose none")]
    [InlineData("Fаn ①②③④", "chose none")]
    [InlineData("F4n 1234", "chose none")]
    [InlineData("Fan ١٢٣٤", "chose none")]
    [InlineData("admin", "people who run this")]
    [InlineData("ADMIN", "people who run this")]
    [InlineData("Admin 7", "people who run this")]
    [InlineData("admin2026", "people who run this")]
    [InlineData("The Admin!", "people who run this")]
    [InlineData("4dm1n", "people who run this")]
    [InlineData("@dmin", "people who run this")]
    [InlineData("аdmіn", "people who run this")]
    [InlineData("Αdmin", "people who run this")]
    [InlineData("ＡＤＭＩＮ", "people who run this")]
    [InlineData("ádmiñ", "people who run this")]
    [InlineData("a d m i n", "people who run this")]
    [InlineData("a.d.m.i.n", "people who run this")]
    [InlineData("M0derator", "people who run this")]
    [InlineData("FanHub", "people who run this")]
    [InlineData("Fan Hub", "people who run this")]
    [InlineData("FanHub 0fficial", "people who run this")]
    [InlineData("offlclal", "people who run this")]
    [InlineData("Ana (support)", "people who run this")]
    [InlineData("Doper", "not allowed")]
    [InlineData("superdopers", "not allowed")]
    [InlineData("d.o.p.e.r", "not allowed")]
    [InlineData("D0P3R", "not allowed")]
    [InlineData("dοреr", "not allowed")]
    [InlineData("do1per", "not allowed")]
    [InlineData("dópër", "not allowed")]
    [InlineData("Жулик", "not allowed")]
    [InlineData("ж у л и к", "not allowed")]
    [InlineData("F U C K", "not allowed")]
    [InlineData("fuсk", "not allowed")]
    public void Other_names_are_refused_with_what_to_change(string name, string hint)
    {
        var refused = Should.Throw<FanHubException>(() => Names.Check(name));
        refused.Code.ShouldBe(ErrorCodes.Invalid);
        refused.Errors!.Keys.ShouldBe(["name"]);
        refused.Message.ShouldContain(hint);
    }

    [Fact]
    public void Halves_of_characters_and_endless_texts_are_refused()
    {
        Should.Throw<FanHubException>(() => Names.Check("Ana\ud83c")).Message.ShouldContain("cannot be shown");
        Should.Throw<FanHubException>(() => Names.Check("\udfc5Ana")).Message.ShouldContain("cannot be shown");
        Should.Throw<FanHubException>(() => Names.Check(new string(' ', 100_000) + "Ana")).Message.ShouldContain("too long");
        // One character of 18 when it is written out.
        Should.Throw<FanHubException>(() => Names.Check(string.Concat(Enumerable.Repeat("ﷺ", 20)))).Message.ShouldContain("too long");
    }

    [Fact]
    public void A_refusal_does_not_repeat_the_word() =>
        Should.Throw<FanHubException>(() => Names.Check("superdoper")).Message.ShouldNotContain("doper");

    [Fact]
    public void Names_of_the_staff_can_be_others()
    {
        var names = new DisplayNames(Options.Create(new NameOptions { Staff = ["referee"] }));
        names.Check("Admin").ShouldBe("Admin");
        Should.Throw<FanHubException>(() => names.Check("R3feree"));
    }

    [Theory]
    [InlineData(0, "Fan 0000")]
    [InlineData(7, "Fan 0007")]
    [InlineData(1234, "Fan 1234")]
    [InlineData(9_007_199_254_740_991, "Fan 0991")]
    public void Who_chose_no_name_is_called_by_four_digits(long fan, string name) => DisplayNames.Default(fan).ShouldBe(name);

    [Theory]
    [InlineData("")]
    [InlineData(" - ")]
    [InlineData("x")]
    [InlineData("\ud83c")]
    public void A_blocked_word_that_would_block_too_much_is_a_mistake_in_the_configuration(string word) =>
        new NameOptions { Blocked = [word] }.Validate(null!).ShouldNotBeEmpty();
}
