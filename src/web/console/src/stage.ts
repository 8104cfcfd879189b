import type { Item } from './types.js';

/** What is special about a kind of item while it runs. */
export interface Stage {
  readonly root: HTMLElement;
  show(item: Item): void;
  /** Time went by. */
  tick(): void;
}
