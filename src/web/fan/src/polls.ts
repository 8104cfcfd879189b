import type { PollItem, Update } from '@fanhub/client';

/** The polls among a channel's items: open ones first, cancelled ones last, the newest before the older. */
export function pollsOf(items: ReadonlyMap<string, Update>): PollItem[] {
  const polls = [...items.values()].filter((item) => item.kind === 'poll').map((item) => item.data as PollItem);
  const group = (poll: PollItem): number => (poll.state === 'open' ? 0 : poll.state === 'cancelled' ? 2 : 1);
  const opened = (poll: PollItem): number => Date.parse(poll.opensAt ?? '') || 0;
  return polls.sort((a, b) => group(a) - group(b) || opened(b) - opened(a) || (a.id < b.id ? -1 : 1));
}
