/** A request that was refused, or whose fate is not known. */
export class ApiFailure extends Error {
  constructor(
    /** The HTTP status; 0 where no answer came. */
    readonly status: number,
    /** The server's code, or `offline` where no answer came. */
    readonly code: string,
    message: string,
    /** What is wrong, by the path of the member. */
    readonly errors: Readonly<Record<string, readonly string[]>> = {},
    readonly retryAfterMs: number | undefined = undefined,
  ) {
    super(message);
  }
}

/**
 * What to do about a failure. `again`: nobody knows whether it happened, or it did not for now; the same request may be repeated. `overtaken`: somebody else
 * changed it, or is at it. `fields`: members of the body are to be mended. `refused`: it is not going to work.
 */
export type Remedy = 'again' | 'overtaken' | 'fields' | 'refused';

export function remedyFor(failure: unknown): Remedy {
  if (!(failure instanceof ApiFailure)) return 'again';
  if (failure.status === 0 || failure.status >= 500 || failure.status === 429) return 'again';
  if (failure.status === 412) return 'overtaken';
  // A conflict that asks to wait: the same request, sent earlier, is still being carried out.
  if (failure.status === 409) return (failure.retryAfterMs ?? 0) > 0 ? 'again' : 'overtaken';
  return Object.keys(failure.errors).length > 0 ? 'fields' : 'refused';
}

/** Reads an answer that is no success; from a balancer it may be no problem details. */
export async function failureOf(response: Response): Promise<ApiFailure> {
  const body = (await response.json().catch(() => undefined)) as { code?: unknown; detail?: unknown; errors?: unknown; retryAfterMs?: unknown } | undefined;
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const wait = typeof body?.retryAfterMs === 'number' ? body.retryAfterMs : Number.isFinite(seconds) ? seconds * 1_000 : undefined;
  const code = typeof body?.code === 'string' ? body.code : response.status >= 500 ? 'unavailable' : 'internal';
  return new ApiFailure(response.status, code, typeof body?.detail === 'string' ? body.detail : `HTTP ${response.status}`, errorsOf(body?.errors), wait);
}

function errorsOf(value: unknown): Record<string, string[]> {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  return Object.fromEntries(entries.map(([path, texts]) => [path, texts.map(String)]));
}
