import type { Item } from './types.js';

/** What is special about a kind of item while it runs. */
export interface Stage {
  readonly root: HTMLElement;
  /** `looked`: it was asked for by itself, so that a count that is not there cannot be had; answers to steps come without it. */
  show(item: Item, looked: boolean): void;
  /** Time went by. */
  tick(): void;
}
