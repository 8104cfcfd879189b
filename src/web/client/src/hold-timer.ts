import type { Host } from './host.js';

/** Looked at again at least this often, because clocks are set and devices sleep. */
const mostMs = 1_000;

/** Calls when something that is held back is due. */
export class HoldTimer {
  #cancel = (): void => undefined;

  /** @param next how long until something is due, in ms; undefined where nothing is. */
  constructor(
    private readonly host: Host,
    private readonly next: () => number | undefined,
    private readonly due: () => void,
  ) {}

  /** Something came or went. */
  set(): void {
    this.#cancel();
    const ms = this.next();
    if (ms !== undefined) this.#cancel = this.host.after(Math.min(mostMs, Math.max(1, Math.ceil(ms))), this.due);
  }

  stop(): void {
    this.#cancel();
  }
}
