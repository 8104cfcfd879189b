/** Asks again and again while the page is looked at: never two at a time, and not at all while the tab is hidden. */
export class Poller {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #stopped = false;

  constructor(
    private readonly ask: () => Promise<void>,
    /** How long after an answer to ask again, in ms. */
    private readonly everyMs: () => number,
  ) {
    document.addEventListener('visibilitychange', this.#look);
  }

  /** Asks now. Failures are the asker's matter. */
  async now(): Promise<void> {
    if (this.#running || this.#stopped) return;
    clearTimeout(this.#timer);
    this.#running = true;
    try {
      await this.ask();
    } finally {
      this.#running = false;
      if (!this.#stopped && !document.hidden) this.#timer = setTimeout(() => void this.now(), this.everyMs());
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#look);
  }

  readonly #look = (): void => {
    if (document.hidden) clearTimeout(this.#timer);
    else void this.now();
  };
}
