const samples = 4;
const againAfterMs = 10 * 60_000;

/** The server's clock as seen from here, so that an editor's countdown ends when the fans' do. */
export class Clock {
  #offset = 0;
  #measuredAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly ask: () => Promise<number>,
    private readonly deviceNow: () => number = () => Date.now(),
  ) {}

  /** Unix ms by the server's clock; by the device's own until it was asked. */
  now(): number {
    return this.deviceNow() + this.#offset;
  }

  /** Asks, unless that was done a short while ago, and believes the quickest of a few answers: its error is at most half of its round trip. */
  async measure(): Promise<void> {
    const began = this.deviceNow();
    if (Math.abs(began - this.#measuredAt) < againAfterMs) return;
    this.#measuredAt = began;
    let quickest = Infinity;
    try {
      for (let i = 0; i < samples; i++) {
        const sent = this.deviceNow();
        const server = await this.ask();
        const roundTrip = this.deviceNow() - sent;
        if (roundTrip < 0 || roundTrip >= quickest) continue;
        quickest = roundTrip;
        this.#offset = server + roundTrip / 2 - this.deviceNow();
      }
    } catch {
      // The estimate at hand stays; it is asked again with the next look at something live.
      if (quickest === Infinity) this.#measuredAt = Number.NEGATIVE_INFINITY;
    }
  }
}
