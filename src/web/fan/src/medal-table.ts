import type { ChannelView, MedalTableItem, MedalTableRow } from '@fanhub/client';
import { element, ofUnknownLanguage, setAttribute } from './dom.js';
import { KeyedTable, type Column } from './keyed-table.js';
import { organisationLink, type ResultContext } from './result-context.js';
import { medalNews } from './result-news.js';

interface ShownRow extends MedalTableRow {
  readonly corrected: boolean;
}

/** Organisations whose numbers differ, between what the page showed and what is there now, or that the source names. */
export function changedOrganisations(before: MedalTableItem | undefined, now: MedalTableItem): Set<string> {
  const changed = new Set(now.changes ?? []);
  if (before === undefined) return changed;
  const numbers = (row: MedalTableRow): string => `${row.gold} ${row.silver} ${row.bronze}`;
  const were = new Map(before.organisations.map((row) => [row.organisation, numbers(row)]));
  for (const row of now.organisations) if (were.get(row.organisation) !== numbers(row)) changed.add(row.organisation);
  return changed;
}

/** The medal table. A correction is said to be one, with what the source says about it. */
export class MedalTable {
  readonly root: HTMLElement;
  readonly #notice = element('p', { class: 'notice', hidden: true, 'data-corrected': true });
  readonly #empty: HTMLElement;
  readonly #table = new KeyedTable<ShownRow>('medals', false);
  #shown: { data: MedalTableItem; version: number } | undefined;
  #changed = new Set<string>();
  #settled = false;

  constructor(
    private readonly context: ResultContext,
    heading: HTMLElement,
  ) {
    this.#empty = element('p', { class: 'hint' }, context.words('noMedals'));
    this.root = element('section', { hidden: true }, heading, element('article', { 'data-medals': 'table' }, this.#notice, this.#empty, this.#table.root));
  }

  /** @returns 1 if there is a medal table. */
  show(view: ChannelView): number {
    const item = view.items.get('medals:table');
    const isNews = this.#settled && item?.version !== this.#shown?.version;
    if (view.state === 'ready') this.#settled = true;
    this.root.hidden = item === undefined;
    if (item === undefined) return 0;
    if (item.data === this.#shown?.data) return 1;
    const now = item.data as MedalTableItem;
    const changed = item.version === this.#shown?.version ? this.#changed : changedOrganisations(this.#shown?.data, now);
    this.#changed = changed;
    this.#shown = { data: now, version: item.version };
    this.#render(now, changed, isNews);
    const news = isNews ? medalNews(this.context.words, now, changed) : undefined;
    if (news !== undefined) this.context.announcer.news(item.key, news);
    return 1;
  }

  #render(now: MedalTableItem, changed: ReadonlySet<string>, isNews: boolean): void {
    const { words } = this.context;
    const corrected = now.corrected === true;
    this.#notice.hidden = !corrected && now.note === undefined;
    setAttribute(this.#notice, 'data-corrected', corrected ? '' : undefined);
    const said = now.note === undefined ? words('medalsCorrected') : element('span', ofUnknownLanguage, now.note);
    this.#notice.replaceChildren(...(corrected ? [element('strong', {}, words('corrected')), ': '] : []), said);
    this.#empty.hidden = now.organisations.length > 0;
    this.#table.root.hidden = now.organisations.length === 0;
    const rows = now.organisations.map((row) => ({
      key: row.organisation,
      data: { ...row, corrected: corrected && changed.has(row.organisation) },
      changed: isNews && changed.has(row.organisation),
    }));
    this.#table.show(words('medalTable'), this.#columns(), rows);
  }

  #columns(): Column<ShownRow>[] {
    const { words, formats } = this.context;
    const number = (id: 'gold' | 'silver' | 'bronze' | 'total'): Column<ShownRow> => ({ id: id === 'total' ? 'number sum' : 'number', header: words(id), cell: (row) => [formats.count(row[id])] });
    return [
      { id: 'rank', header: words('rank'), short: words('rankShort'), cell: (row) => [formats.count(row.rank)] },
      {
        id: 'organisation',
        header: words('organisation'),
        rowHeader: true,
        cell: (row) => [organisationLink(this.context, row.organisation), ...(row.corrected ? [' ', element('span', { class: 'tag altered' }, words('altered'))] : [])],
      },
      number('gold'),
      number('silver'),
      number('bronze'),
      number('total'),
    ];
  }
}
