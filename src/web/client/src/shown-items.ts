import type { Update } from './wire.js';

/** Of a key of which only the newest value matters, this many are kept for later; those in between are left out. */
const mostOfLatest = 64;
/** What goes by and finds no room is gone, the oldest first. */
const mostPassing = 1_000;

/**
 * What a channel's items are at a moment of the fan's own: each update is held until that moment has reached the one at which it became
 * true. Of each key the newest whose time has come is shown, and what was shown once stays until something newer takes its place.
 */
export class ShownItems {
  readonly items = new Map<string, Update>();
  /** Keys that a removal whose time has come took away, since the last snapshot. */
  readonly removed = new Set<string>();
  /** What is to come, by key: in the order in which it came, which is then the order of its moments. */
  readonly #waiting = new Map<string, Update[]>();
  /** What was known before the snapshot that is being taken. */
  #before: { items: Map<string, Update>; waiting: Map<string, Update[]> } | undefined;
  #passing: Update[] = [];

  /** @param reached the fan's own moment, in Unix ms by the server's clock; `Infinity` holds nothing back. */
  constructor(private readonly reached: () => number) {}

  /** A snapshot begins: what is not in it is gone at once. What is in it, and is yet to come, leaves in place what was there before. */
  restart(): void {
    const { items, waiting } = this.#before ?? { items: [], waiting: [] };
    this.#before = { items: new Map([...items, ...this.items]), waiting: new Map([...waiting, ...this.#waiting]) };
    this.items.clear();
    this.removed.clear();
    this.#waiting.clear();
  }

  /** The snapshot is complete. */
  complete(): void {
    this.#before = undefined;
  }

  /** Takes what is newer than all that came under its key. @param ofSnapshot whether it may only say again what was known before. */
  take(update: Update, ofSnapshot: boolean): void {
    if (ofSnapshot) this.#recall(update);
    this.#before?.items.delete(update.key);
    this.#before?.waiting.delete(update.key);
    const moment = momentOf(update);
    // What would come later than something newer will never be shown.
    const waiting = (this.#waiting.get(update.key) ?? []).filter((held) => momentOf(held) < moment);
    waiting.push(update);
    if (update.class === 'latest' && waiting.length > mostOfLatest) leaveOneOut(waiting);
    this.#waiting.set(update.key, waiting);
    this.#show(update.key, this.reached());
  }

  /** Takes what is kept nowhere. @returns what goes by now. */
  pass(update: Update): Update[] {
    this.#passing.push(update);
    if (this.#passing.length > mostPassing) this.#passing.shift();
    return this.passed();
  }

  /** What is kept nowhere and goes by now. */
  passed(): Update[] {
    const reached = this.reached();
    const now = this.#passing.filter((update) => momentOf(update) <= reached);
    if (now.length > 0) this.#passing = this.#passing.filter((update) => momentOf(update) > reached);
    return now;
  }

  /** Shows what is due. @returns whether anything was. */
  advance(): boolean {
    const reached = this.reached();
    let changed = false;
    for (const key of [...this.#waiting.keys()]) changed = this.#show(key, reached) || changed;
    return changed;
  }

  /** How long until something is due, in ms; undefined where nothing is held. */
  get next(): number | undefined {
    const moments = [...this.#waiting.values()].map((waiting) => momentOf(waiting[0]!));
    const soonest = Math.min(...moments, ...this.#passing.map(momentOf));
    return soonest === Infinity ? undefined : Math.max(0, soonest - this.reached());
  }

  #recall({ key }: Update): void {
    const before = this.#before;
    if (before === undefined || this.#waiting.has(key) || this.items.has(key)) return;
    const shown = before.items.get(key);
    if (shown !== undefined) this.items.set(key, shown);
    const waiting = before.waiting.get(key);
    if (waiting !== undefined) this.#waiting.set(key, waiting);
  }

  #show(key: string, reached: number): boolean {
    const waiting = this.#waiting.get(key) ?? [];
    const due = waiting.filter((update) => momentOf(update) <= reached).at(-1);
    if (due === undefined) return false;
    const rest = waiting.slice(waiting.indexOf(due) + 1);
    if (rest.length > 0) this.#waiting.set(key, rest);
    else this.#waiting.delete(key);
    if (due.data === undefined || due.data === null) {
      this.items.delete(key);
      this.removed.add(key);
    } else {
      this.items.set(key, due);
      this.removed.delete(key);
    }

    return true;
  }
}

/** Unix ms; what does not say when it became true is true at once. */
function momentOf(update: Update): number {
  const ms = Date.parse(update.at);
  return Number.isNaN(ms) ? -Infinity : ms;
}

/** Takes out the one that leaves the smallest gap, so that those that stay are spread evenly over the time that they are held. Neither the first nor the newest. */
function leaveOneOut(waiting: Update[]): void {
  let [least, smallest] = [1, Infinity];
  for (let i = 1; i < waiting.length - 1; i++) {
    const gap = momentOf(waiting[i + 1]!) - momentOf(waiting[i - 1]!);
    if (gap < smallest) [least, smallest] = [i, gap];
  }

  waiting.splice(least, 1);
}
