import { ApiFailure, failureOf } from './failures.js';
import type { EditorKey } from './key.js';

const answerWithinMs = 15_000;

export interface Reply<T> {
  readonly body: T;
  readonly headers: Headers;
}

export interface Call {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The line to the admin API: sends requests with the editor's key, and asks for another one where that is good no longer. */
export class Api {
  constructor(
    /** Its address, with a slash at the end. */
    private readonly base: string,
    private readonly key: EditorKey,
    /** Asks the editor for a key that is good, and returns when there is one; false where the editor would rather not. */
    private readonly askForKey: () => Promise<boolean>,
    private readonly onReach: (reached: boolean) => void,
    private readonly fetchNow: typeof fetch = (...args) => fetch(...args),
  ) {}

  /** Sends it, and again after the editor has signed in anew. Throws `ApiFailure`. */
  async send<T>(method: string, path: string, call: Call = {}): Promise<Reply<T>> {
    const response = await this.#reach(method, path, call);
    try {
      return { body: (response.status === 204 ? undefined : await response.json()) as T, headers: response.headers };
    } catch (error) {
      throw this.#lost(error);
    }
  }

  /** Fetches a file. */
  async file(path: string): Promise<{ blob: Blob; name: string | undefined }> {
    const response = await this.#reach('GET', path, {});
    try {
      return { blob: await response.blob(), name: /filename="?([^";]+)"?/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] };
    } catch (error) {
      throw this.#lost(error);
    }
  }

  /** Whether a key is good. Throws where no answer came, or another one than yes or no. */
  async accepts(key: string): Promise<boolean> {
    const response = await this.#fetch('GET', 'channels?limit=1', {}, key);
    if (response.ok) return true;
    if (response.status === 401) return false;
    throw await failureOf(response);
  }

  async #reach(method: string, path: string, call: Call): Promise<Response> {
    for (;;) {
      const key = this.key.value;
      const response = key === undefined ? undefined : await this.#fetch(method, path, call, key);
      if (response?.ok === true) return response;
      if (response !== undefined && response.status !== 401) throw await failureOf(response);
      // Meanwhile another request may have brought a new one.
      if (this.key.value === key && !(await this.askForKey())) throw new ApiFailure(401, 'unauthorized', 'Nobody is signed in.');
    }
  }

  async #fetch(method: string, path: string, call: Call, key: string): Promise<Response> {
    const json: Record<string, string> = call.body === undefined ? {} : { 'Content-Type': 'application/json' };
    try {
      const response = await this.fetchNow(new URL(path, this.base), {
        method,
        headers: { ...json, ...call.headers, Authorization: `Bearer ${key}` },
        ...(call.body === undefined ? {} : { body: call.body }),
        cache: 'no-store',
        credentials: 'omit',
        signal: AbortSignal.timeout(answerWithinMs),
      });
      this.onReach(true);
      return response;
    } catch (error) {
      throw this.#lost(error);
    }
  }

  #lost(error: unknown): ApiFailure {
    this.onReach(false);
    return new ApiFailure(0, 'offline', String(error));
  }
}
