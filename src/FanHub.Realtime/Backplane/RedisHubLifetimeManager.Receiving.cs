using System.Buffers;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace FanHub.Realtime.Backplane;

// What other nodes say.
public sealed partial class RedisHubLifetimeManager<THub>
{
    private void Handle(BackplaneMessage message)
    {
        switch (message.Kind)
        {
            case BackplaneKind.Join or BackplaneKind.Leave:
                if (_connections.Find(message.Ids[0]) is { } connection)
                {
                    Forget(ChangeGroupAsync(connection, message));
                }

                break;

            case BackplaneKind.Invoke:
                Relay(message);
                break;

            case BackplaneKind.Cancel:
                if (_results.Find(message.Request) is RelayedResult abandoned && _results.Remove(abandoned))
                {
                    abandoned.Aborted.Unregister();
                }

                break;

            case BackplaneKind.Probe:
                var relayed = _results.Find(message.Ids[0]) as RelayedResult;
                if (relayed is not null)
                {
                    relayed.AskedAt = _time.GetTimestamp();
                }

                Forget(AnswerAsync(message, relayed is not null));
                break;

            case BackplaneKind.Answer:
                _answers.Answer(message);
                break;

            case BackplaneKind.Result:
                Complete(message);
                break;

            default:
                Deliver(message);
                break;
        }
    }

    /// <summary>Hands a message to the connections of this node that it is for.</summary>
    private void Deliver(BackplaneMessage message)
    {
        var outgoing = OutgoingMessage.From(message.Payload);
        switch (message.Kind)
        {
            case BackplaneKind.All:
                SendExcept(_connections, message.Ids, outgoing);
                break;

            case BackplaneKind.Group:
                SendExcept(_groups.Members(message.Group), message.Ids, outgoing);
                break;

            case BackplaneKind.Connections:
                foreach (var id in message.Ids)
                {
                    _connections.Find(id)?.Send(outgoing);
                }

                break;

            case BackplaneKind.Users:
                foreach (var connection in message.Ids.SelectMany(_connections.OfUser))
                {
                    connection.Send(outgoing);
                }

                break;

            default:
                throw new FormatException($"A message of kind {message.Kind} is not for connections.");
        }
    }

    private static void SendExcept(IEnumerable<LocalConnection> connections, IReadOnlyList<string> excluded, OutgoingMessage message)
    {
        var except = excluded.Count == 0 ? null : excluded.ToHashSet(StringComparer.Ordinal);
        foreach (var connection in connections)
        {
            if (except is null || !except.Contains(connection.Id))
            {
                connection.Send(message);
            }
        }
    }

    private async Task ChangeGroupAsync(LocalConnection connection, BackplaneMessage message)
    {
        await (message.Kind == BackplaneKind.Join ? _groups.JoinAsync(connection, message.Group) : _groups.LeaveAsync(connection, message.Group));
        await AnswerAsync(message, ok: true);
    }

    private Task AnswerAsync(BackplaneMessage question, bool ok) =>
        PublishToAsync(question.From, new BackplaneMessage { Kind = BackplaneKind.Answer, From = _node, Request = question.Request, Ok = ok });

    private Task PublishToAsync(string node, BackplaneMessage message) => _bus.PublishAsync(_keys.BackplaneNode(_hub, node), message);

    /// <summary>Asks a client of this node for a result that another node awaits.</summary>
    private void Relay(BackplaneMessage message)
    {
        if (_connections.Find(message.Ids[0]) is not { } connection)
        {
            return;
        }

        var pending = new RelayedResult(message.Request, connection.Id, _time.GetTimestamp(), completion => Forget(PublishToAsync(message.From, new BackplaneMessage
        {
            Kind = BackplaneKind.Result,
            From = _node,
            Request = message.Request,
            Ids = [connection.Id],
            Ok = completion is not null,
            Payload = completion is null ? [] : [new(connection.Context.Protocol.Name, connection.Context.Protocol.GetMessageBytes(completion))],
        })));
        _results.Add(pending);
        // Before the client is asked, so that the answer comes before the result.
        Forget(AnswerAsync(message, ok: true));
        pending.Aborted = connection.Context.ConnectionAborted.UnsafeRegister(_ => _results.Fail(pending, Disconnected(connection.Id)), state: null);
        connection.Send(OutgoingMessage.From(message.Payload));
    }

    /// <summary>Ends the waiting for a result that a client of another node has given.</summary>
    private void Complete(BackplaneMessage message)
    {
        if (_results.Find(message.Request) is not { } pending)
        {
            return;
        }

        if (!message.Ok)
        {
            _results.Fail(pending, Disconnected(pending.Connection));
            return;
        }

        try
        {
            var bytes = new ReadOnlySequence<byte>(message.Payload[0].Serialized);
            var protocol = _protocols.GetProtocol(message.Payload[0].ProtocolName, supportedProtocols: null) ?? throw new FormatException($"This node does not speak {message.Payload[0].ProtocolName}.");
            if (!protocol.TryParseMessage(ref bytes, _results, out var completion))
            {
                throw new FormatException("The client's result is cut off.");
            }

            _results.Complete(pending.Connection, (CompletionMessage)completion);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _results.Fail(pending, new IOException("The client's result could not be read.", e));
        }
    }

    private static IOException Disconnected(string connection) => new($"Connection '{connection}' disconnected.");

    /// <summary>For what is owed to another node, which notices by itself if it does not come.</summary>
    private void Forget(Task task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            _ = LogFailureAsync(task);
        }
    }

    private async Task LogFailureAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            BackplaneLog.NotAnswered(_logger, e);
        }
    }
}
