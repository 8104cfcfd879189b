using System.Diagnostics;
using System.Globalization;
using FanHub.Contracts;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace FanHub.Server.Hosting;

/// <summary>Answers failures as problem details (RFC 9457), whoever noticed them.</summary>
internal static class ProblemAnswers
{
    private const string ContentType = "application/problem+json";

    /// <summary>What every failing request is answered with; to be added before anything that may fail.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = Answer, AllowStatusCode404Response = true, SuppressDiagnosticsCallback = Known });
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext, Problems.From(context.HttpContext.Response.StatusCode)));
        return app;
    }

    /// <summary>Writes the problem as the answer.</summary>
    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var body = new ProblemBody
        {
            Type = $"urn:fanhub:error:{problem.Code}",
            Title = ReasonPhrases.GetReasonPhrase(problem.Status),
            Status = problem.Status,
            Detail = problem.Detail,
            Code = problem.Code,
            Errors = problem.Errors,
            RetryAfterMs = problem.RetryAfter is { } after ? (long)after.TotalMilliseconds : null,
            TraceId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier,
        };
        return context.Response.WriteAsJsonAsync(body, WireJson.Options, ContentType, context.RequestAborted);
    }

    private static Task Answer(HttpContext context)
    {
        var failure = context.Features.Get<IExceptionHandlerFeature>()!.Error;
        return WriteAsync(context, Problems.From(failure));
    }

    // What has a code of its own is part of the day's work; the middleware logs the rest, with the stack.
    private static bool Known(ExceptionHandlerSuppressDiagnosticsContext context) => !Problems.From(context.Exception).Unexpected;
}

/// <summary>A failure, as problem details.</summary>
internal sealed record ProblemBody
{
    /// <summary>A name for the kind of problem, with the code in it.</summary>
    public required string Type { get; init; }

    /// <summary>The status in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong with this request.</summary>
    public required string Detail { get; init; }

    /// <summary>One of the stable codes: <c>invalid</c>, <c>not_found</c>, <c>conflict</c>…</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong with each member of the body, by its path.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>How long to wait before trying again, where that may help.</summary>
    public long? RetryAfterMs { get; init; }

    /// <summary>What to look for in the logs.</summary>
    public required string TraceId { get; init; }
}
