using System.Buffers;

namespace FanHub.Server.Exports;

/// <summary>An export as an answer, sent while it is made. Browsers save it and do not show it.</summary>
/// <param name="Export">What.</param>
/// <param name="Formats">How.</param>
internal sealed record ExportAnswer(Export Export, Func<IBufferWriter<byte>, IExportFormat> Formats) : IResult
{
    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var write = httpContext.RequestServices.GetRequiredService<WriteExport>();
        var response = httpContext.Response;
        var format = Formats(new ArrayBufferWriter<byte>());
        response.ContentType = format.ContentType;
        response.Headers.ContentDisposition = $"attachment; filename=\"{FileName(Export.Head, format.Extension)}\"";
        response.Headers.CacheControl = "no-store";
        try
        {
            await write.RunAsync(Export, Formats, response.Body, httpContext.RequestAborted);
        }
        catch (Exception failure) when (response.HasStarted && !httpContext.RequestAborted.IsCancellationRequested)
        {
            // What was sent has no end; and whoever receives it is told by the connection that there is more to it.
            write.LogBrokenOff(failure, Export.Head.Kind, Export.Head.Id);
            httpContext.Abort();
        }
    }

    /// <summary>The file's name: of nothing but letters, digits, dots, hyphens and underscores.</summary>
    internal static string FileName(ExportHead head, string extension) =>
        $"fanhub-{head.Kind}-{string.Concat(head.Id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'))}.{extension}";
}
