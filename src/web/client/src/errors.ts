/** Codes that the SDK itself gives; all others come from the server. */
export type ClientErrorCode = 'superseded' | 'timeout' | 'stopped';

/** A call that failed for good, with the stable code that says why. */
export class FanHubError extends Error {
  override readonly name = 'FanHubError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The session service asked to wait, or could not be reached. Always worth another try. */
export class SessionUnavailable extends Error {
  constructor(
    message: string,
    readonly retryAfterMs: number,
  ) {
    super(message);
  }
}

/** The connection went away, or fell silent, before the answer came: whether the call took effect is unknown. */
export class ConnectionLost extends Error {}

const coded = /(?:^|HubException: )([a-z][a-z_]{1,40}): ([^]*)$/;

/** Reads `code: text` out of a failed hub call; undefined where the failure carries no code. */
export function readHubError(error: unknown): FanHubError | undefined {
  const match = coded.exec(error instanceof Error ? error.message : '');
  return match ? new FanHubError(match[1]!, match[2]!) : undefined;
}

/** Failures after which the same request may succeed: nothing was acknowledged. */
export function isRetryable(error: unknown): boolean {
  return error instanceof ConnectionLost || (error instanceof FanHubError && ['unavailable', 'rate_limited', 'session_expired'].includes(error.code));
}
