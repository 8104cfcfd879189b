import type { MedalTableItem, ResultEntry, ResultItem } from '@fanhub/client';
import { rankOf } from './result-lines.js';
import { codeWords, type Words } from './strings.js';

const mostLines = 3;

/** What to read out when a result changed; undefined where it is nothing to interrupt anybody for. */
export function resultNews(words: Words, before: ResultItem | undefined, now: ResultItem, changed: ReadonlySet<string>): string | undefined {
  const { title } = now;
  if (before !== undefined && now.corrected === true) return words('newsCorrected', { title, note: now.note ?? '' }).trim();
  if (before === undefined || now.status !== before.status) return words('newsStatus', { title, status: codeWords(words, 'status', now.status) });
  const lines = now.entries.filter((entry) => changed.has(entry.competitor.id)).slice(0, mostLines).map(inWords);
  return lines.length === 0 ? undefined : words('newsLines', { title, lines: lines.join('; ') });
}

/** The same for the medal table. @param changed organisations whose numbers differ. */
export function medalNews(words: Words, now: MedalTableItem, changed: ReadonlySet<string>): string | undefined {
  if (now.corrected === true) return words('newsCorrected', { title: words('medalTable'), note: now.note ?? '' }).trim();
  const rows = now.organisations.filter((row) => changed.has(row.organisation)).slice(0, mostLines);
  const lines = rows.map((row) => `${row.organisation} ${row.gold} ${words('gold')}, ${row.silver} ${words('silver')}, ${row.bronze} ${words('bronze')}`);
  return lines.length === 0 ? undefined : words('newsMedals', { lines: lines.join('; ') });
}

function inWords(entry: ResultEntry): string {
  return [rankOf(entry), entry.competitor.name, entry.competitor.organisation, entry.result ?? entry.mark ?? ''].filter((part) => part !== '').join(' ');
}
