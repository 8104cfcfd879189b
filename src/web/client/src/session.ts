import { SessionUnavailable } from './errors.js';
import type { Host, KeyValueStore } from './host.js';
import { within } from './waiting.js';
import type { FanSession } from './wire.js';

const askWithinMs = 10_000;
const renewBeforeMs = 5 * 60_000;
const longestWaitMs = 10 * 60_000;

/** The anonymous fan: one token per device, kept between visits and renewed for the same fan. */
export class Session {
  #current: FanSession | undefined;
  #doubted = false;

  constructor(
    private readonly host: Host,
    private readonly url: string,
    private readonly store: KeyValueStore | undefined,
    private readonly name: string,
  ) {}

  /** The fan's id, once there is a session. */
  get fan(): string | undefined {
    return this.#current?.fan;
  }

  /** The token did not get us in, or has expired: the next `token()` asks for another one. */
  doubt(): void {
    this.#doubted = true;
  }

  /** The fan is no more: the next `token()` asks for a new one. Nothing where it is another fan's session already. */
  forget(fan: string | undefined): void {
    if (this.#current?.fan !== fan) return;
    this.#current = undefined;
    this.#doubted = false;
    this.#forget();
  }

  /** A token to connect with, asked for only when the one at hand is missing, doubted or about to expire. */
  async token(): Promise<string> {
    const held = this.#current ?? this.#load();
    const fresh = held !== undefined && Date.parse(held.expiresAt) - this.host.now() > renewBeforeMs;
    if (!fresh || this.#doubted) {
      this.#current = await this.#ask(held?.token);
      this.#doubted = false;
      this.#keep(this.#current);
    } else {
      this.#current = held;
    }

    return this.#current.token;
  }

  async #ask(earlier: string | undefined): Promise<FanSession> {
    const abort = new AbortController();
    const call = this.host.fetch(this.url, {
      method: 'POST',
      headers: earlier === undefined ? {} : { Authorization: `Bearer ${earlier}` },
      cache: 'no-store',
      credentials: 'omit',
      signal: abort.signal,
    });
    let response: Response;
    let body: unknown;
    try {
      response = await within(this.host, askWithinMs, call, 'the session request');
      body = response.ok ? await within(this.host, askWithinMs, response.json(), 'the session answer') : undefined;
    } catch (error) {
      abort.abort();
      throw new SessionUnavailable(String(error), 0);
    }

    if (response.ok) {
      if (!isSession(body)) throw new SessionUnavailable('the session answer is not a session', 0);
      return body;
    }

    if (response.status === 401 && earlier !== undefined) {
      // The token is of another server or of long ago: this device starts again as a new fan.
      this.#current = undefined;
      this.#forget();
      return this.#ask(undefined);
    }

    throw new SessionUnavailable(`the session request was answered ${response.status}`, retryAfter(response));
  }

  #load(): FanSession | undefined {
    try {
      const kept: unknown = JSON.parse(this.store?.getItem(this.name) ?? 'null');
      return isSession(kept) ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  // A store that is full or forbidden costs the fan nothing but a new session at the next visit.
  #keep(session: FanSession): void {
    try {
      this.store?.setItem(this.name, JSON.stringify(session));
    } catch {
      return;
    }
  }

  #forget(): void {
    try {
      this.store?.removeItem(this.name);
    } catch {
      return;
    }
  }
}

function isSession(value: unknown): value is FanSession {
  const session = value as Partial<FanSession> | null;
  return typeof session?.token === 'string' && typeof session.fan === 'string' && typeof session.expiresAt === 'string';
}

/** `Retry-After` in ms, given in seconds; within reason, so that a slip of the keyboard does not send the audience home. */
function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get('Retry-After') ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1_000, 0), longestWaitMs) : 0;
}
