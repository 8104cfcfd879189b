using FanHub.LoadTests.Running;
using FanHub.LoadTests.Scenarios;

return await LoadTestCommand.RunAsync(args,
[
    new Scenario("goal-rush", "One update after the other reaches everybody at once, in order; how late, and at what cost, beside other servers with --peers.", GoalRush.RunAsync),
    new Scenario("many-channels", "The same connections, spread over more and more channels, then following several each; what a delivery costs must not depend on it.", ManyChannels.RunAsync),
    new Scenario("poll-stampede", "A poll opens and everybody votes within seconds, or, with --rate, at a steady rate; every receipt counts once.", PollStampede.RunAsync),
    new Scenario("reconnect-storm", "All connections break and come back within seconds, while updates go on; nobody misses any, or gets one twice.", ReconnectStorm.RunAsync),
    new Scenario("slow-readers", "Some stop reading; the others notice nothing, and those who were sent away come back and miss nothing.", SlowReaders.RunAsync),
    new Scenario("fan-out", "Every update reaches every connection once, in order; how late, and at what cost.", FanOut.RunAsync),
    new Scenario("vote-burst", "Everybody votes within seconds; every receipt counts once, and nothing else does.", VoteBurst.RunAsync),
    new Scenario("feed", "A results feed at a steady rate; every version reaches fans, as itself or in a newer one; how late, and at what cost.", Feed.RunAsync) { Missing = Feed.Missing },
    new Scenario("quiz-night", "Everybody answers every question within its seconds; every receipt scores once, and nobody sees what is right before the reveal.", QuizNight.RunAsync),
    new Scenario("scoring", "How long it takes to give points to as many as a million, and that each gets what the answers earn. Takes no server.", ScoreEverybody.RunAsync) { TakesServer = false },
]);
