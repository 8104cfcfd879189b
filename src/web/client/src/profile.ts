import { FanHubError } from './errors.js';
import type { Host } from './host.js';
import type { FanProfile } from './play-items.js';
import type { Session } from './session.js';
import { within } from './waiting.js';

const answerWithinMs = 10_000;

/** What the server knows of the fan beside ballots: the name that others see. */
export class Profile {
  constructor(
    private readonly host: Host,
    private readonly url: string,
    private readonly session: Session,
  ) {}

  /** The fan as others see them. */
  me(): Promise<FanProfile> {
    return this.#ask('GET');
  }

  /** Takes a name, or goes back to the one that was given. Fails with the server's reason where the name may not be had. */
  rename(name: string | null): Promise<FanProfile> {
    return this.#ask('PUT', { name });
  }

  /** Has the server forget the fan, and forgets the session. @returns once both are done; the next token is another fan's. */
  async forget(): Promise<void> {
    const token = await this.#token();
    const fan = this.session.fan;
    let response = await this.#send('DELETE', token);
    if (response.status === 401) {
      // Ended, which a renewal mends, or forgotten before, from another device: then there is another fan already, who is not to go.
      this.session.doubt();
      const renewed = await this.#token();
      if (this.session.fan !== fan) return;
      response = await this.#send('DELETE', renewed);
    }

    if (!response.ok) throw await refusal(response);
    this.session.forget(fan);
  }

  async #ask(method: string, body?: unknown): Promise<FanProfile> {
    let response = await this.#send(method, await this.#token(), body);
    if (response.status === 401) {
      this.session.doubt();
      response = await this.#send(method, await this.#token(), body);
    }

    if (!response.ok) throw await refusal(response);
    return (await response.json()) as FanProfile;
  }

  async #token(): Promise<string> {
    return this.session.token().catch((error: unknown) => {
      throw new FanHubError('unavailable', String(error));
    });
  }

  async #send(method: string, token: string, body?: unknown): Promise<Response> {
    const abort = new AbortController();
    const headers = { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) };
    const init: RequestInit = { method, headers, cache: 'no-store', credentials: 'omit', signal: abort.signal };
    if (body !== undefined) init.body = JSON.stringify(body);
    try {
      return await within(this.host, answerWithinMs, this.host.fetch(this.url, init), 'the request');
    } catch (error) {
      abort.abort();
      throw new FanHubError('unavailable', String(error));
    }
  }
}

/** The server's reason: `code` and `detail` of its problem details; what a proxy says in another form is `unavailable`. */
async function refusal(response: Response): Promise<FanHubError> {
  const problem = (await response.json().catch(() => undefined)) as { code?: unknown; detail?: unknown } | undefined;
  const known = typeof problem?.code === 'string';
  return new FanHubError(known ? (problem.code as string) : 'unavailable', typeof problem?.detail === 'string' ? problem.detail : `answered ${response.status}`);
}
