import type { EventMedalsItem, ResultItem } from '@fanhub/client';
import type { HeldItem } from './held-items.js';

const underWay = new Set(['live', 'intermediate']);

/** Results in the order in which a fan wants them: what is under way, then what ended, the latest first, then what is to come; a unit's own result before tables drawn from it. */
export function inOrder(results: readonly HeldItem<ResultItem>[]): HeldItem<ResultItem>[] {
  const group = ({ update }: HeldItem<ResultItem>): number => (underWay.has(update.data!.status) ? 0 : update.data!.status === 'start_list' ? 2 : 1);
  const own = ({ update }: HeldItem<ResultItem>): number => (update.data!.table === undefined ? 0 : 1);
  return [...results].sort((a, b) => group(a) - group(b) || latestFirst(a, b) || own(a) - own(b) || (a.key < b.key ? -1 : 1));
}

/** Medals of events, the latest first. */
export function latestEvents(events: readonly HeldItem<EventMedalsItem>[]): HeldItem<EventMedalsItem>[] {
  return [...events].sort((a, b) => latestFirst(a, b) || (a.key < b.key ? -1 : 1));
}

function latestFirst(a: HeldItem<{ at: string }>, b: HeldItem<{ at: string }>): number {
  return (Date.parse(b.update.data!.at) || 0) - (Date.parse(a.update.data!.at) || 0);
}
