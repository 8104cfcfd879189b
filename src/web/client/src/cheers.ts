import type { Host } from './host.js';
import type { LiveConnection } from './live-connection.js';
import type { CheerRequest } from './wire.js';

const togetherMs = 500;
const mostAtOnce = 50;

/** Sends taps, those of half a second together. Cheering is for now or never: while there is no connection, taps are lost. */
export class Cheers {
  readonly #taps = new Map<string, { request: CheerRequest; cancel: () => void }>();

  constructor(
    private readonly host: Host,
    private readonly connection: LiveConnection,
  ) {}

  /** One tap. @returns whether it will be sent. */
  tap(channel: string, reaction: string): boolean {
    if (this.connection.state !== 'connected') return false;
    const key = `${channel} ${reaction}`;
    const held = this.#taps.get(key);
    if (held === undefined) {
      const request = { channel, reaction, count: 1 };
      this.#taps.set(key, { request, cancel: this.host.after(togetherMs, () => this.#send(key, request)) });
    } else {
      held.request.count = Math.min(mostAtOnce, held.request.count + 1);
    }

    return true;
  }

  /** The connection is gone, and the moment with it. */
  drop(): void {
    for (const { cancel } of this.#taps.values()) cancel();
    this.#taps.clear();
  }

  #send(key: string, request: CheerRequest): void {
    this.#taps.delete(key);
    this.connection.tell('Cheer', request);
  }
}
