using System.Text;
using FanHub.Server.Fans;

namespace FanHub.Tests.Server.Fans;

public sealed class UnicodeFormsTests
{
    [Theory]
    [InlineData("plain", "plain", "plain")]
    [InlineData("e\u0301", "\u00e9", "e\u0301")]
    [InlineData("\u1e9b\u0323", "\u1e69", "s\u0323\u0307")]
    [InlineData("a\u0301\u0323", "\u1ea1\u0301", "a\u0323\u0301")]
    [InlineData("ﬁ①Ａ", "fi1A", "fi1A")]
    [InlineData("ｶﾞ", "ガ", "カ\u3099")]
    [InlineData("각", "각", "\u1100\u1161\u11a8")]
    [InlineData("\u1100\u1161\u11a8", "각", "\u1100\u1161\u11a8")]
    [InlineData("ᄒ\u1161\u11ab글", "한글", "ᄒ\u1161\u11abᄀ\u1173\u11af")]
    [InlineData("𝓐𝖓𝙖", "Ana", "Ana")]
    [InlineData("\u0958", "क\u093c", "क\u093c")]
    [InlineData("\u212b", "\u00c5", "A\u030a")]
    [InlineData("ﷺ", "صلى الله عليه وسلم", "صلى الله عليه وسلم")]
    [InlineData("\U0002f800", "丽", "丽")]
    [InlineData("ậ", "ậ", "a\u0323\u0302")]
    public void Texts_are_normalised_as_Unicode_says(string text, string composed, string decomposed)
    {
        UnicodeForms.Compose(text).ShouldBe(composed);
        UnicodeForms.Decompose(text).ShouldBe(decomposed);
        UnicodeForms.Compose(composed).ShouldBe(composed);
        UnicodeForms.Decompose(composed).ShouldBe(decomposed);
    }

    [Fact]
    public void Every_character_has_one_form_of_each_kind_and_it_stays_as_it_is()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.IsValid(value))
            {
                continue;
            }

            var text = new Rune(value).ToString();
            var composed = UnicodeForms.Compose(text);
            if (!string.Equals(UnicodeForms.Compose(composed), composed, StringComparison.Ordinal)
                || !string.Equals(UnicodeForms.Compose(UnicodeForms.Decompose(text)), composed, StringComparison.Ordinal))
            {
                Assert.Fail($"U+{value:X4} is {composed}");
            }
        }
    }
}
