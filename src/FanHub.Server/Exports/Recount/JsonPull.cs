using System.Text.Json;

namespace FanHub.Server.Exports.Recount;

/// <summary>Reads a JSON file of any length piece by piece.</summary>
internal sealed class JsonPull(Stream file)
{
    private const int LongestValue = 16 << 20;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _whole;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 16 });

    /// <summary>What was read last.</summary>
    public JsonTokenType Token { get; private set; }

    /// <summary>The name of the member whose name was read last.</summary>
    public string Name { get; private set; } = string.Empty;

    /// <summary>Reads one token.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public bool Read()
    {
        while (true)
        {
            var reader = Reader();
            if (reader.Read())
            {
                Token = reader.TokenType;
                Name = Token == JsonTokenType.PropertyName ? reader.GetString()! : Name;
                Advance(reader);
                return true;
            }

            if (_whole)
            {
                return false;
            }

            Fill();
        }
    }

    /// <summary>Reads a whole value: the member's whose name was read, or the next of an array.</summary>
    /// <returns>It; null where the array ends.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public JsonElement? ReadValue()
    {
        while (true)
        {
            var reader = Reader();
            if (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.EndArray)
                {
                    Token = reader.TokenType;
                    Advance(reader);
                    return null;
                }

                if (JsonElement.TryParseValue(ref reader, out var value))
                {
                    Advance(reader);
                    return value;
                }
            }
            else if (_whole)
            {
                throw new JsonException("A value is missing.");
            }

            Fill();
        }
    }

    private Utf8JsonReader Reader() => new(_buffer.AsSpan(_start, _end - _start), _whole, _state);

    private void Advance(in Utf8JsonReader reader)
    {
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            if (_end >= LongestValue)
            {
                throw new UnreadableExportException($"A value in it is longer than {LongestValue >> 20} MiB.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = file.Read(_buffer.AsSpan(_end));
        _whole = read == 0;
        _end += read;
    }
}
