import { element, putInOrder, setAttribute, setLanguage, setText } from '../../fan/src/dom.js';
import { directionOf, shareOf, type Formats } from '../../fan/src/format.js';
import { textFor } from './locales.js';
import type { Option, Tally } from './types.js';
import type { Words } from './words.js';

interface Row {
  readonly root: HTMLElement;
  readonly label: HTMLElement;
  readonly right: HTMLElement;
  readonly share: HTMLElement;
  readonly count: HTMLElement;
  readonly fill: HTMLElement;
}

/** The options, the right ones marked, and the count as it moves. */
export class CountTable {
  readonly root = element('div', { class: 'count-table' });
  readonly #list = element('ul', { class: 'count-rows' });
  readonly #total = element('p', { class: 'total', 'data-ballots': '' });
  readonly #rows = new Map<string, Row>();

  constructor(
    private readonly words: Words,
    private readonly formats: Formats,
    /** What an option is that turned out right. */
    private readonly mark: string,
  ) {
    this.root.append(this.#list, this.#total);
  }

  /** `tally` undefined: there is none to show; `missing` says why, or nothing. */
  show(options: readonly Option[], tally: Tally | undefined, standard: string, correct: readonly string[] = [], missing = ''): void {
    const rows = options.map((option) => {
      const row = this.#rows.get(option.id) ?? this.#row(option.id);
      const { text, lang } = textFor(option.label, standard, standard);
      setText(row.label, text);
      setLanguage(row.label, lang, directionOf(lang));
      const right = correct.includes(option.id);
      setAttribute(row.root, 'data-correct', right ? '' : undefined);
      setText(row.right, right ? `✓ ${this.mark}` : '');
      this.#figures(row, tally === undefined ? undefined : { counts: tally.counts, ballots: tally.ballots }, option.id);
      return row.root;
    });
    putInOrder(this.#list, rows);
    setAttribute(this.#total, 'data-ballots', tally === undefined ? '' : String(tally.ballots));
    setText(this.#total, tally === undefined ? missing : ballotWords(this.words, this.formats, tally.ballots));
  }

  #figures(row: Row, tally: Tally | undefined, id: string): void {
    const count = tally?.counts[id] ?? 0;
    const share = tally === undefined ? 0 : shareOf({ of: '', final: false, ...tally }, id);
    setAttribute(row.count, 'data-count', tally === undefined ? '' : String(count));
    setText(row.count, tally === undefined ? '' : this.formats.count(count));
    setText(row.share, tally === undefined ? '' : this.formats.share(share));
    row.fill.style.setProperty('--share', String(share));
  }

  #row(id: string): Row {
    const [label, right, share, count, fill] = [element('span', { class: 'label' }), element('span', { class: 'right' }), element('span', { class: 'share' }), element('span', { class: 'number' }), element('span', { class: 'fill' })];
    const bar = element('span', { class: 'bar', 'aria-hidden': 'true' }, fill);
    const root = element('li', { 'data-option': id }, element('span', {}, label, ' ', right), ' ', share, ' ', count, bar);
    const row = { root, label, right, share, count, fill };
    this.#rows.set(id, row);
    return row;
  }
}

/** A number of answers, in words. */
export function ballotWords(words: Words, formats: Formats, n: number): string {
  return words(n === 1 ? 'ballotsOne' : 'ballotsMany', { n: formats.count(n) });
}
