using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FanHub.Server.Fans;

namespace FanHub.Server.Ballots;

/// <summary>
/// What a fan gets for a recorded ballot. A receipt is made from what the box holds and a secret, so that it need not be kept: the same ballot always has the same receipt,
/// on every node, and nobody else can make one.
/// </summary>
internal sealed class Receipts(SessionKey key)
{
    private const int ReceiptBytes = 15;

    /// <summary>The receipt of a ballot: 20 characters that fit in a URL.</summary>
    public string For(string interaction, long fan, StoredBallot ballot)
    {
        var text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{interaction}|{fan}|{ballot.Choices}|{ballot.Submission}|{ballot.ElapsedMs}");
        if (ballot.CreditMs > 0)
        {
            text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{text}|{ballot.CreditMs}");
        }

        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Receipts, Encoding.UTF8.GetBytes(text), code);
        return Base64Url.EncodeToString(code[..ReceiptBytes]);
    }
}
