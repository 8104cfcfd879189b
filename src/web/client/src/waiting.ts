import { ConnectionLost } from './errors.js';
import type { Host } from './host.js';

/** Exponential backoff with full jitter: anything from nothing up to a ceiling that doubles, so that a crowd that was cut off together comes back spread out. */
export class Backoff {
  #attempt = 0;

  constructor(
    private readonly host: Host,
    private readonly firstMs = 1_000,
    private readonly capMs = 20_000,
  ) {}

  next(): number {
    const ceiling = Math.min(this.capMs, this.firstMs * 2 ** Math.min(this.#attempt++, 30));
    return this.host.random() * ceiling;
  }

  reset(): void {
    this.#attempt = 0;
  }
}

/** Gives up on a promise after a while. The work itself cannot be called off; its later failure is nobody's concern. */
export function within<T>(host: Host, ms: number, work: Promise<T>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = host.after(ms, () => reject(new ConnectionLost(`${what} took longer than ${ms} ms`)));
    work.then(resolve, reject).finally(cancel);
  });
}

/** Ends the wait with the signal's reason as soon as it is aborted. */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
