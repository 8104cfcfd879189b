using FanHub.Contracts;
using FanHub.Server.Announcements;
using FanHub.Server.Audience;
using FanHub.Server.Ballots;
using FanHub.Server.Channels;
using FanHub.Server.Cheers;
using FanHub.Server.Exports;
using FanHub.Server.Hosting;
using FanHub.Server.Polls;
using FanHub.Server.Predictions;
using FanHub.Server.Questions;
using FanHub.Server.Quizzes;
using FanHub.Server.Results;
using MediatR;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FanHub.Server.Editors;

/// <summary>The editorial side: what editors make, and the API that they make it through.</summary>
internal static class EditorialServices
{
    /// <summary>Adds it. Needs storage, a channel log and a ballot box.</summary>
    public static IHostApplicationBuilder AddEditorial(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddCommands();
        services.AddOptions<VotingOptions>().BindConfiguration(VotingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddQuestions();
        services.AddSingleton<IdempotentRequests>();
        services.AddEditorAccess();
        services.AddApiDescription();
        services.ConfigureHttpJsonOptions(options => WireJson.Apply(options.SerializerOptions));
        services.AddHostedService<IdempotencySweeper>();
        services.AddAnnouncements();
        services.AddReactions();
        services.AddExports();
        builder.AddResults();
        return builder;
    }

    /// <summary>Maps the admin API and its description. Needs <see cref="ProblemAnswers.UseProblems"/>, authentication and authorization before it.</summary>
    public static void MapEditorial(this IEndpointRouteBuilder app)
    {
        var admin = app.MapGroup("/api/v1/admin").RequireAuthorization(EditorAccess.Policy).AddEndpointFilter<RouteGroupBuilder, AdminRequests>();
        admin.MapChannels();
        admin.MapPolls();
        admin.MapPredictions();
        admin.MapQuizzes();
        admin.MapAnnouncements();
        admin.MapCheers();
        admin.MapExports();
        admin.MapStats();
        admin.MapClock();
        app.MapResults(admin);
        app.MapApiDescription();
    }

    // By hand: the registration package of this MediatR is not needed for what a few lines do.
    private static void AddCommands(this IServiceCollection services)
    {
        services.AddScoped<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddScoped<IMediator, Mediator>();
        foreach (var handler in typeof(EditorialServices).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }))
        {
            foreach (var contract in handler.GetInterfaces().Where(i => i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>) || i.GetGenericTypeDefinition() == typeof(INotificationHandler<>))))
            {
                services.AddTransient(contract, handler);
            }
        }
    }
}
