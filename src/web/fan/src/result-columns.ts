import type { ResultEntry, ResultPeriod } from '@fanhub/client';
import { element } from './dom.js';
import type { Column } from './keyed-table.js';
import { organisationLink, type ResultContext } from './result-context.js';
import { columnsOf, rankOf } from './result-lines.js';
import { codeWords, type StringKey, type Words } from './strings.js';

/** What a line shows, and whether it is marked as changed by a correction for as long as it stands. */
export interface ShownEntry {
  readonly entry: ResultEntry;
  readonly corrected: boolean;
  /** What it scored in each of the parts, in order. */
  readonly scores: readonly string[];
}

/** The columns of a result that have something in them. */
export function resultColumns(context: ResultContext, status: string, entries: readonly ResultEntry[], periods: readonly ResultPeriod[]): Column<ShownEntry>[] {
  const { words } = context;
  const has = columnsOf(status, entries);
  const scored = periods.map((period, i): Column<ShownEntry> => ({ id: 'period', header: period.name, cell: ({ scores }) => [scores[i] ?? ''] }));
  const columns: (Column<ShownEntry> | false)[] = [
    has.rank && { id: 'rank', header: words('rank'), short: words('rankShort'), cell: ({ entry }) => [rankOf(entry)] },
    has.start && { id: 'rank', header: words('start'), cell: ({ entry }) => [entry.start ?? ''] },
    { id: 'name', header: words('name'), rowHeader: true, cell: (line) => nameCell(words, line) },
    { id: 'organisation', header: words('organisation'), cell: ({ entry }) => [organisationLink(context, entry.competitor.organisation)] },
    ...scored,
    has.result && { id: 'figure', header: words(periods.length > 0 ? 'total' : 'result'), cell: ({ entry }) => resultCell(words, entry) },
    has.diff && { id: 'diff', header: words('diff'), cell: ({ entry }) => [entry.diff ?? ''] },
  ];
  return columns.filter((column) => column !== false);
}

function nameCell(words: Words, { entry, corrected }: ShownEntry): (Node | string)[] {
  const { competitor, medal, qualified, outcome, records } = entry;
  const tags = [
    ...(medal === undefined ? [] : [tag(words(medal), `medal ${medal}`)]),
    ...(qualified === undefined ? [] : [tag(qualified, 'tag', words('qualified'))]),
    ...(records ?? []).map((record) => tag(record, 'tag record', words('record'))),
    ...(outcome === undefined ? [] : [tag(outcomeWords(words, outcome), outcome === 'W' ? 'tag won' : 'tag')]),
    ...(corrected ? [tag(words('altered'), 'tag altered')] : []),
  ];
  const members = (competitor.members ?? []).map((member) => member.name).join(', ');
  return [
    element('bdi', {}, competitor.name),
    ...tags.flatMap((one) => [' ', one]),
    ...(members === '' ? [] : [' ', element('span', { class: 'members', dir: 'auto' }, members)]),
  ];
}

function resultCell(words: Words, entry: ResultEntry): (Node | string)[] {
  const parts: (Node | string)[] = [];
  if (entry.result !== undefined) parts.push(element('bdi', {}, entry.result));
  if (entry.mark !== undefined) {
    const meaning = codeWords(words, 'mark', entry.mark);
    parts.push(parts.length > 0 ? ' ' : '', meaning === entry.mark ? entry.mark : element('abbr', { title: meaning }, entry.mark));
  }

  // On a narrow screen there is no room for a column of its own.
  if (entry.diff !== undefined) parts.push(element('span', { class: 'diff-below' }, entry.diff));
  return parts;
}

function outcomeWords(words: Words, outcome: string): string {
  const key = ({ W: 'won', L: 'lost', T: 'tied' } as Record<string, StringKey>)[outcome];
  return key === undefined ? outcome : words(key);
}

function tag(text: string, className: string, meaning?: string): HTMLElement {
  return meaning === undefined
    ? element('span', { class: className }, text)
    : element('span', { class: className, title: meaning }, element('span', { class: 'unseen' }, `${meaning}: `), text);
}
