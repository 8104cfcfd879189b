import type { ResultItem } from '@fanhub/client';
import { element, ofUnknownLanguage, replaceContents, setAttribute, setLanguage, setText } from './dom.js';
import { directionOf } from './format.js';
import type { HeldItem } from './held-items.js';
import { KeyedTable } from './keyed-table.js';
import { inChannelName } from './place.js';
import { resultColumns, type ShownEntry } from './result-columns.js';
import { linkTo, timeElement, type ResultContext } from './result-context.js';
import { changedEntries, isMatch, linesOf, shortened } from './result-lines.js';
import { resultNews } from './result-news.js';
import { codeWords, type StringKey } from './strings.js';

const linesElsewhere = 8;
const settledStatuses = new Set(['official', 'start_list', 'live', 'intermediate']);

/** One result: what it is, how sure it is, and its table as it changes. */
export class ResultCard {
  readonly root: HTMLElement;
  readonly #badge = element('span', { class: 'badge' });
  readonly #corrected = element('span', { class: 'badge altered', hidden: true });
  readonly #asOf = element('span', { class: 'timer' });
  readonly #title = element('h3');
  readonly #about = element('p', { class: 'hint' });
  readonly #notice = element('p', { class: 'notice', hidden: true, tabindex: -1 });
  readonly #table: KeyedTable<ShownEntry>;
  readonly #foot = element('p', { class: 'hint' });
  #was: HeldItem<ResultItem> | undefined;
  /** Lines that the version that is shown changed. */
  #changed = new Set<string>();

  constructor(
    private readonly context: ResultContext,
    key: string,
  ) {
    this.#table = new KeyedTable('result', false);
    const state = element('p', { class: 'state' }, this.#badge, this.#corrected, ' ', this.#asOf);
    this.root = element('article', { 'data-result': key }, state, this.#title, this.#about, this.#notice, this.#table.root, this.#foot);
  }

  /** Shows the result as it now is. @param isNews whether the page has been up to date before, so that what differs happened just now. */
  update(held: HeldItem<ResultItem>, isNews: boolean): void {
    const was = this.#was;
    if (was?.update === held.update && was.withdrawn === held.withdrawn) return;
    this.#was = held;
    const now = held.update.data!;
    this.#showHead(now, held.withdrawn);
    if (held.withdrawn) return this.#withdraw(now, held.key);
    // The same version comes again with a snapshot.
    const differs = was === undefined || was.withdrawn || was.update.version !== held.update.version;
    this.#show(now, was?.withdrawn === false ? was.update.data! : undefined, differs, isNews && differs);
  }

  #show(now: ResultItem, before: ResultItem | undefined, differs: boolean, isNews: boolean): void {
    if (differs) this.#changed = changedEntries(before, now);
    this.#table.root.hidden = now.entries.length === 0;
    this.#showNotice(now);
    this.#showLines(now, isNews && before !== undefined);
    const news = isNews ? resultNews(this.context.words, before, now, this.#changed) : undefined;
    if (news !== undefined) this.context.announcer.news(this.#was!.key, news);
  }

  #withdraw(now: ResultItem, key: string): void {
    const { words } = this.context;
    const leaves = this.root.contains(document.activeElement) && !this.#title.contains(document.activeElement);
    this.#table.show('', [], []);
    this.#table.root.hidden = true;
    this.#foot.replaceChildren();
    this.#notice.hidden = false;
    setAttribute(this.#notice, 'lang', undefined);
    this.#notice.replaceChildren(element('strong', {}, words('withdrawnResult')), ' ', words('withdrawnHint'));
    if (leaves) this.#notice.focus({ preventScroll: true });
    this.context.announcer.news(key, words('newsWithdrawn', { title: now.title }));
  }

  #showHead(now: ResultItem, withdrawn: boolean): void {
    const { context } = this;
    const { words } = context;
    const status = withdrawn ? 'withdrawn' : now.status;
    setAttribute(this.root, 'data-status', status);
    setText(this.#badge, codeWords(words, 'status', status));
    this.#corrected.hidden = withdrawn || now.corrected !== true;
    setText(this.#corrected, words('corrected'));
    this.#asOf.replaceChildren(timeElement(context, now.at));
    const lang = now.lang ?? words.lang;
    const atHome = context.place.kind === 'unit' && now.table === undefined;
    replaceContents(this.#title, [atHome ? now.title : linkTo(context, 'unit', now.unit, now.title)]);
    setLanguage(this.#title, lang, directionOf(lang));
    const kind = now.table === 'cumulative' || now.table === 'phase' ? words(now.table as StringKey) : (now.table ?? '');
    const sure = withdrawn || settledStatuses.has(now.status) ? '' : words(now.status === 'protested' ? 'protestedHint' : 'mayChange');
    const parts = [kind, now.venue ?? '', sure].filter((part) => part !== '').map((part) => element('bdi', part === now.venue ? ofUnknownLanguage : {}, part));
    this.#about.replaceChildren(...parts.flatMap((part, i): (Node | string)[] => (i === 0 ? [part] : [' · ', part])));
    this.#about.hidden = parts.length === 0;
  }

  #showNotice(now: ResultItem): void {
    const { words } = this.context;
    const note = now.note ?? '';
    this.#notice.hidden = note === '' && now.corrected !== true;
    setAttribute(this.#notice, 'data-corrected', now.corrected === true ? '' : undefined);
    const said = note === '' ? words('correctedNote') : element('span', ofUnknownLanguage, note);
    this.#notice.replaceChildren(...(now.corrected === true ? [element('strong', {}, words('corrected')), ': '] : []), said);
  }

  #showLines(now: ResultItem, highlight: boolean): void {
    const { context } = this;
    const { words, place } = context;
    const whole = place.kind === 'unit' && (now.table !== undefined || inChannelName(now.unit) === inChannelName(place.code));
    const all = linesOf(now.entries, this.#changed);
    const own = place.kind === 'country' ? place.code : undefined;
    const lines = whole ? all : shortened(all, linesElsewhere, own);
    const periods = now.periods ?? [];
    setAttribute(this.#table.root, 'data-match', isMatch(now.entries, now.periods) ? '' : undefined);
    this.#table.show(
      `${now.title}, ${codeWords(words, 'status', now.status)}`,
      resultColumns(context, now.status, now.entries, periods),
      lines.map(({ key, entry, changed }) => ({
        key,
        data: { entry, corrected: changed && now.corrected === true, scores: periods.map((period) => period.scores[entry.competitor.id] ?? '') },
        changed: changed && highlight,
      })),
    );
    this.#showFoot(now, lines.length);
  }

  #showFoot(now: ResultItem, shown: number): void {
    const { words, formats } = this.context;
    const blanks = { n: formats.count(shown), of: formats.count(now.of ?? now.entries.length) };
    const all = (now.of ?? now.entries.length) <= shown;
    const link = now.entries.length > shown ? [' ', linkTo(this.context, 'unit', now.unit, words('allLines', { n: formats.count(now.entries.length) }))] : [];
    replaceContents(this.#foot, all ? [] : [words('someOf', blanks), ...link]);
    this.#foot.hidden = all;
  }
}
