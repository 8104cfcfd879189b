using FanHub.Server.Ballots;

namespace FanHub.Server.Fans;

/// <summary>
/// Gives every new fan a number of the fan's own. Numbers come in blocks, so that asking the store is rare, and one after the other, so that the ballots of fans who came at the
/// same time lie close together.
/// </summary>
internal sealed class FanNumberIssuer(IBallotBox box) : IDisposable
{
    private const int BlockSize = 1024;

    private readonly SemaphoreSlim _reserving = new(1, 1);
    private long _next;
    private long _end;

    /// <summary>A number that no fan has.</summary>
    /// <exception cref="BallotBoxUnavailableException">The block is used up and no other can be had now.</exception>
    public async Task<long> NextAsync(CancellationToken cancellationToken)
    {
        await _reserving.WaitAsync(cancellationToken);
        try
        {
            if (_next == _end)
            {
                _next = await box.ReserveFansAsync(BlockSize, cancellationToken);
                _end = _next + BlockSize;
            }

            return _next++;
        }
        finally
        {
            _reserving.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reserving.Dispose();
}
