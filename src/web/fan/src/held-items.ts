import type { ChannelView, Update } from '@fanhub/client';

/** An item as it is to be shown: `withdrawn` where it was there, and is no longer. */
export interface HeldItem<T> {
  readonly key: string;
  readonly update: Update<T>;
  readonly withdrawn: boolean;
}

/** The parts of a view that say what is there. */
export type Held = Pick<ChannelView, 'items' | 'removed' | 'state'>;

const graceMs = 5_000;

/**
 * Remembers items that the page showed, so that one that goes away is said to be withdrawn rather than vanishing in silence. One that an
 * update took away is withdrawn at once; one that is only missing, as after a new epoch while the snapshot comes in parts, stays for a while first.
 */
export class HeldItems<T> {
  readonly #held = new Map<string, { update: Update<T>; missingSince: number | undefined; withdrawn: boolean }>();

  constructor(
    private readonly wanted: (item: Update) => boolean,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** What to show. Call it again within some seconds where `waiting`. */
  look(view: Held): HeldItem<T>[] {
    for (const [key, update] of view.items) {
      if (this.wanted(update)) this.#held.set(key, { update: update as Update<T>, missingSince: undefined, withdrawn: false });
    }

    for (const [key, one] of this.#held) {
      if (view.items.has(key) || one.withdrawn) continue;
      if (view.state === 'ready') one.missingSince ??= this.now();
      one.withdrawn = view.removed.has(key) || (one.missingSince !== undefined && this.now() - one.missingSince >= graceMs);
    }

    return [...this.#held].map(([key, { update, withdrawn }]) => ({ key, update, withdrawn }));
  }

  /** Whether something is missing of which it is not known yet whether it was withdrawn. */
  get waiting(): boolean {
    return [...this.#held.values()].some((one) => one.missingSince !== undefined && !one.withdrawn);
  }
}
