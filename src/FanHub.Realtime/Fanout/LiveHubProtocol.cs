using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using FanHub.Contracts;
using FanHub.Realtime.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace FanHub.Realtime.Fanout;

/// <summary>
/// SignalR's JSON protocol with three things added that only the protocol can see: whether the caller of <c>Follow</c> awaits a reply and when that reply has been written
/// (updates wait for it), errors that are exactly <c>code: text</c>, and a size limit that says what it is.
/// </summary>
public sealed class LiveHubProtocol : IHubProtocol
{
    /// <summary>The same as the stock protocol's, so that every SignalR client speaks it.</summary>
    public const string ProtocolName = "json";

    private const byte RecordSeparator = 0x1e;

    private readonly JsonHubProtocol _json;
    private readonly int _maxMessageBytes;

    /// <summary>Creates it.</summary>
    public LiveHubProtocol(IOptions<FanoutOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _maxMessageBytes = options.Value.MaxMessageBytes;
        var jsonOptions = new JsonHubProtocolOptions();
        WireJson.Apply(jsonOptions.PayloadSerializerOptions);
        // What a message may not leave out may not be null either.
        jsonOptions.PayloadSerializerOptions.RespectNullableAnnotations = true;
        _json = new JsonHubProtocol(Options.Create(jsonOptions));
    }

    /// <inheritdoc/>
    public string Name => ProtocolName;

    /// <inheritdoc/>
    public int Version => _json.Version;

    /// <inheritdoc/>
    public TransferFormat TransferFormat => _json.TransferFormat;

    /// <inheritdoc/>
    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _json.GetMessageBytes(message);

    /// <inheritdoc/>
    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        if (input.Length > _maxMessageBytes && input.Slice(0, _maxMessageBytes).PositionOf(RecordSeparator) is null)
        {
            throw new HubException($"{ErrorCodes.TooLarge}: A message may have {_maxMessageBytes} bytes.");
        }

        try
        {
            if (!_json.TryParseMessage(ref input, binder, out message))
            {
                return false;
            }
        }
        catch (InvalidDataException e)
        {
            throw new HubException($"{ErrorCodes.Invalid}: The message is not one of SignalR's JSON protocol.", e);
        }

        if (message is InvocationMessage { InvocationId: not null, Arguments: [FollowRequest follow] })
        {
            follow.AwaitsReply = true;
        }

        return true;
    }

    /// <inheritdoc/>
    public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
    {
        switch (message)
        {
            case CompletionMessage { Error: { } error } completion:
                _json.WriteMessage(CompletionMessage.WithError(completion.InvocationId!, Coded(error)), output);
                break;

            case CompletionMessage { Result: Refusal refusal } completion:
                _json.WriteMessage(CompletionMessage.WithError(completion.InvocationId!, refusal.Message), output);
                break;

            case CompletionMessage { Result: EncodedFollowReply reply }:
                _json.WriteMessage(message, output);
                if (output is MessageWriter writer)
                {
                    // Updates go to the socket past this writer.
                    writer.WhenSent(reply.Written);
                }
                else
                {
                    // And here they wait their turn at SignalR's own.
                    reply.Written();
                }

                break;

            case CloseMessage { Error: { } error } close:
                // A connection that was closed for its own mistake would make the same one again.
                var reason = Coded(error);
                var ownMistake = reason.StartsWith(ErrorCodes.Invalid, StringComparison.Ordinal) || reason.StartsWith(ErrorCodes.TooLarge, StringComparison.Ordinal);
                _json.WriteMessage(new CloseMessage(reason, close.AllowReconnect && !ownMistake), output);
                break;

            default:
                _json.WriteMessage(message, output);
                break;
        }
    }

    private static bool HasCode(string error)
    {
        var colon = error.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && error.AsSpan(0, colon).IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyz_") < 0;
    }

    /// <summary>SignalR wraps what a hub threw in a sentence of its own; the contract is the bare <c>code: text</c>.</summary>
    private static string Coded(string error)
    {
        const string Marker = "HubException: ";
        var marker = error.IndexOf(Marker, StringComparison.Ordinal);
        error = marker >= 0 ? error[(marker + Marker.Length)..] : error;
        if (error is "Method does not exist." || error.StartsWith("Unknown hub method", StringComparison.Ordinal))
        {
            return $"{ErrorCodes.NotFound}: There is no such method.";
        }

        // Arguments that do not fit never reach the hub; SignalR then says so without naming an exception.
        return error.StartsWith("Failed to invoke", StringComparison.Ordinal)
            ? $"{ErrorCodes.Invalid}: The arguments do not fit the method."
            : error.StartsWith("Connection closed with an error", StringComparison.Ordinal)
                ? $"{ErrorCodes.Internal}: The connection was closed because of an error on the server."
                : error.StartsWith("An unexpected error occurred", StringComparison.Ordinal) ? $"{ErrorCodes.Internal}: Something broke on the server; nothing was recorded."
                : HasCode(error) ? error : $"{ErrorCodes.Invalid}: {error}";
    }
}
