using FanHub.Contracts;
using FanHub.Server.Hosting;

namespace FanHub.Server.Results.Odf;

/// <summary>A message cannot be read.</summary>
/// <param name="message">Why, for people.</param>
internal sealed class OdfException(string message) : FanHubException(ErrorCodes.Invalid, message);
