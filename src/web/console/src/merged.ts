import type { Item } from './types.js';

/** The newest of one kind; `more` where there are older ones that were not fetched. */
export interface Fetched {
  readonly items: readonly Item[];
  readonly more: boolean;
}

/** One list of several, the newest first, without those that are older than something that was not fetched. */
export function newestFirst(lists: readonly Fetched[]): { items: Item[]; more: boolean } {
  const made = (item: Item): number => Date.parse(item.createdAt);
  const floor = Math.max(...lists.map(({ items, more }) => (more && items.length > 0 ? made(items.at(-1)!) : Number.NEGATIVE_INFINITY)));
  const items = lists.flatMap((list) => list.items).filter((item) => made(item) >= floor);
  items.sort((a, b) => made(b) - made(a) || (a.id < b.id ? 1 : -1));
  return { items, more: lists.some((list) => list.more) };
}
