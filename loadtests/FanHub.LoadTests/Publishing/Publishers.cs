using FanHub.LoadTests.Editors;
using FanHub.LoadTests.Running;

namespace FanHub.LoadTests.Publishing;

/// <summary>Chooses how updates are published: straight into the log where Redis is known, through the admin API elsewhere.</summary>
internal sealed class Publishers : IAsyncDisposable
{
    private readonly EditorApi _editor;
    private readonly LogPublisher? _log;

    private Publishers(EditorApi editor, LogPublisher? log, int bytes)
    {
        _editor = editor;
        _log = log;
        Chosen = log is null ? new EditorPublisher(editor, bytes) : log;
    }

    /// <summary>The one to use.</summary>
    public IUpdatePublisher Chosen { get; }

    /// <summary>Whether fan nodes have no part in publishing.</summary>
    public bool IsApart => _log is not null;

    /// <summary>Chooses.</summary>
    public static async Task<Publishers> ChooseAsync(LoadOptions options, int bytes) =>
        new(new EditorApi(options.Editor, options.Key), options.Rush.LogRedis is { } redis ? await LogPublisher.StartAsync(redis, bytes) : null, bytes);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        (Chosen as IDisposable)?.Dispose();
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        await _editor.DisposeAsync();
    }
}
