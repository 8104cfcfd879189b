import { Emitter } from './emitter.js';
import type { Host } from './host.js';
import type { LiveConnection } from './live-connection.js';

const samples = 4;
const againAfterMs = 10 * 60_000;
/** What is held back waits for the first answer. */
const soonMs = 2_000;

/** The server's clock as seen from here, so that a countdown ends for everybody at the same moment, whatever the device believes. */
export class ServerClock {
  /** Emits when the clock was set. */
  readonly changed = new Emitter<void>();
  #offset = 0;
  #known = false;
  #cancelNext = (): void => undefined;
  #measuring = false;

  constructor(
    private readonly host: Host,
    private readonly connection: LiveConnection,
  ) {}

  /** Unix ms by the server's clock; by the device's own until it was asked for the first time. */
  now(): number {
    return this.host.now() + this.#offset;
  }

  /** Whether the server was asked, so that `now` is no mere belief of the device. */
  get known(): boolean {
    return this.#known;
  }

  /** Asks a few times and believes the quickest answer: its error is at most half of its round trip. */
  async measure(): Promise<void> {
    if (this.#measuring) return;
    this.#measuring = true;
    this.#cancelNext();
    let quickest = Infinity;
    try {
      for (let i = 0; i < samples; i++) {
        const sent = this.host.now();
        const server = await this.connection.call<number>('Now');
        const roundTrip = this.host.now() - sent;
        // A negative one means that the device's clock was set meanwhile.
        if (roundTrip < 0 || roundTrip >= quickest) continue;
        quickest = roundTrip;
        this.#offset = server + roundTrip / 2 - this.host.now();
        this.#known = true;
        this.changed.emit();
      }
    } catch {
      // The estimate at hand stays; the next connection brings another.
    } finally {
      this.#measuring = false;
    }

    // Devices drift. Spread out, so that an audience that arrived together does not ask together.
    const wait = this.#known ? againAfterMs : soonMs;
    if (this.connection.state === 'connected') this.#cancelNext = this.host.after(wait * (1 + this.host.random()), () => void this.measure());
  }

  stop(): void {
    this.#cancelNext();
  }
}
