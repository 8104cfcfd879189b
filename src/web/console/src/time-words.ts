import { countdown, type Formats } from '../../fan/src/format.js';
import type { Clock } from './clock.js';
import type { Item } from './types.js';
import type { WordKey, Words } from './words.js';

const dayMs = 86_400_000;

/** What time will do to an item next: `closes in 1:20`; nothing where nobody knows. */
export function timeWords(item: Item, { words, formats, clock }: { words: Words; formats: Formats; clock: Clock }): string {
  const next = nextMoment(item);
  if (next === undefined) return '';
  const left = next.at - clock.now();
  if (left <= 0) return next.after === undefined ? '' : words(next.after);
  return words(next.key, { time: left > dayMs ? formats.moment(next.at) : countdown(left) });
}

interface Next {
  readonly key: WordKey;
  readonly at: number;
  /** What is said once the moment has come, and the server has not said what came of it. */
  readonly after?: WordKey;
}

function nextMoment(item: Item): Next | undefined {
  if ((item.state === 'draft' || item.state === 'scheduled') && item.opensAt !== undefined) {
    const key = item.kind === 'quiz' ? 'startsIn' : item.kind === 'announcement' ? 'publishesIn' : 'opensIn';
    return { key, at: Date.parse(item.opensAt) };
  }

  if ((item.kind === 'poll' || item.kind === 'prediction') && item.state === 'open' && item.closesAt !== undefined) {
    return { key: item.kind === 'poll' ? 'closesIn' : 'locksIn', at: Date.parse(item.closesAt), after: 'closing' };
  }

  return undefined;
}
