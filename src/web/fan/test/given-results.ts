import type { Competitor, ResultEntry, ResultItem, Update } from '@fanhub/client';
import { Announcer } from '../src/announcer.js';
import { Formats } from '../src/format.js';
import type { HeldItem } from '../src/held-items.js';
import { readPlace } from '../src/place.js';
import type { ResultContext } from '../src/result-context.js';
import { wordsFor } from '../src/strings.js';

export const someone = (id: string, organisation = 'AAA'): Competitor => ({ id, name: `Name ${id}`, organisation });

export const entry = (id: string, parts: Partial<ResultEntry> = {}): ResultEntry => ({ competitor: someone(id), ...parts });

export const result = (parts: Partial<ResultItem> = {}): ResultItem => ({
  unit: 'SWM1',
  sport: 'SWM',
  title: 'Final',
  lang: 'en',
  status: 'live',
  at: '2026-07-01T12:00:00Z',
  version: 1,
  entries: [],
  ...parts,
});

export const update = <T>(key: string, data: T, version = 1): Update<T> => ({
  channel: 'unit.swm1',
  epoch: 'e',
  offset: version,
  class: 'logged',
  key,
  kind: key.split(':')[0]!,
  version,
  at: '',
  data,
});

export const held = (data: ResultItem, withdrawn = false): HeldItem<ResultItem> => ({ key: 'result:SWM1', update: update('result:SWM1', data, data.version), withdrawn });

/** A page about a unit, and what it reads out. */
export function givenPage(query = 'view=unit&unit=SWM1'): { context: ResultContext; news: string[]; pass: () => void } {
  const news: string[] = [];
  const waiting: (() => void)[] = [];
  const announcer = new Announcer(
    (text) => news.push(text),
    (_, run) => (waiting.push(run), () => undefined),
  );
  const context = { place: readPlace(new URLSearchParams(query)), words: wordsFor(['en']), formats: new Formats('en'), announcer, now: () => Date.parse('2026-07-01T12:00:00Z') };
  return { context, news, pass: () => waiting.splice(0).forEach((run) => run()) };
}
