using FanHub.Contracts;
using FanHub.Server.Channels;
using FanHub.Server.Polls;
using FanHub.Server.Questions;

namespace FanHub.Server.Demo;

/// <summary>What the demo asks, in four languages. All names are made up.</summary>
internal static class DemoScript
{
    /// <summary>The channel.</summary>
    public static ChannelBody Channel { get; } = new() { Title = Text("Final night", "Soirée de finale", "Noche de final", "ليلة النهائي"), DefaultLocale = "en" };

    /// <summary>The polls, in the order in which they come.</summary>
    public static IReadOnlyList<PollBody> Scenes { get; } =
    [
        new()
        {
            Channel = DemoShow.Channel,
            Title = Text("Who wins the 100 metres tonight?", "Qui gagnera le 100 mètres ce soir ?", "¿Quién ganará los 100 metros esta noche?", "من سيفوز بسباق 100 متر الليلة؟"),
            Options =
            [
                Option("alpha", Text("Ana Alpha", "Ana Alpha", "Ana Alpha", "آنا ألفا")),
                Option("bravo", Text("Bea Bravo", "Bea Bravo", "Bea Bravo", "بيا برافو")),
                Option("charlie", Text("Cyd Charlie", "Cyd Charlie", "Cyd Charlie", "سيد تشارلي")),
                Option("delta", Text("Dee Delta", "Dee Delta", "Dee Delta", "دي دلتا")),
            ],
        },
        new()
        {
            Channel = DemoShow.Channel,
            Changeable = true,
            Title = Text("Best moment of the evening so far?", "Le meilleur moment de la soirée jusqu’ici ?", "¿El mejor momento de la noche hasta ahora?", "ما أفضل لحظة في الأمسية حتى الآن؟"),
            Options =
            [
                Option("record", Text("The record in the pool", "Le record dans le bassin", "El récord en la piscina", "الرقم القياسي في المسبح")),
                Option("comeback", Text("The comeback in the relay", "La remontée dans le relais", "La remontada en el relevo", "العودة في سباق التتابع")),
                Option("crowd", Text("The crowd singing", "Le public qui chante", "El público cantando", "غناء الجمهور")),
            ],
        },
        new()
        {
            Channel = DemoShow.Channel,
            Visibility = TallyVisibility.AfterVote,
            Title = Text("Should the final be run again?", "Faut-il recourir la finale ?", "¿Debe repetirse la final?", "هل يجب إعادة النهائي؟"),
            Options =
            [
                Option("yes", Text("Yes", "Oui", "Sí", "نعم")),
                Option("no", Text("No", "Non", "No", "لا")),
            ],
        },
    ];

    private static BodyOption Option(string id, Dictionary<string, string> label) => new() { Id = id, Label = label };

    private static Dictionary<string, string> Text(string en, string fr, string es, string ar) => new(StringComparer.Ordinal) { ["en"] = en, ["fr"] = fr, ["es"] = es, ["ar"] = ar };
}
