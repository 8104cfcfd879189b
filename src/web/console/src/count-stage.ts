import { element } from '../../fan/src/dom.js';
import { certifiedFacts } from './certified.js';
import { canEdit } from './commands.js';
import type { Context } from './context.js';
import { CountTable } from './count-table.js';
import { textFor } from './locales.js';
import type { Stage } from './stage.js';
import type { Item, Poll, Prediction } from './types.js';

/** A poll or a prediction on stage: the count as it moves, then as it was certified; of a prediction, what was decided. */
export class CountStage implements Stage {
  readonly root = element('div', { class: 'stage' });
  readonly #counted: HTMLElement;
  readonly #count: CountTable;
  readonly #certified = element('section', { class: 'panel', hidden: true });
  readonly #decisions = element('section', { class: 'panel', hidden: true });
  #digest = '';

  constructor(
    private readonly context: Context,
    private readonly standard: string,
  ) {
    const { words, formats } = context;
    this.#count = new CountTable(words, formats, words('cameTrue'));
    this.#counted = element('section', { class: 'panel' }, element('h2', {}, words('count')), this.#count.root);
    this.root.append(this.#counted, this.#decisions, this.#certified);
  }

  show(item: Item, looked: boolean): void {
    if (item.kind !== 'poll' && item.kind !== 'prediction') return;
    const { words, formats } = this.context;
    const tally = item.result ?? item.tally;
    // What nobody was asked yet is in the preview.
    this.#counted.hidden = canEdit(item);
    this.#count.show(item.options, tally, this.standard, correctOf(item), looked && item.state === 'open' ? words('noCount') : '');
    if (item.kind === 'prediction') this.#showDecisions(item);
    if (item.result === undefined || item.result.digest === this.#digest) return;
    this.#digest = item.result.digest;
    this.#certified.hidden = false;
    this.#certified.replaceChildren(element('h2', {}, words('certified')), certifiedFacts(item.result, words, formats));
  }

  tick(): void {
    return;
  }

  #showDecisions({ settlements = [], options }: Prediction): void {
    const { words, formats } = this.context;
    this.#decisions.hidden = settlements.length === 0;
    const label = (id: string): string => textFor(options.find((option) => option.id === id)?.label, this.standard, this.standard).text;
    const lines = settlements.map(({ number, correct = [], void: isVoid = false, at }) => {
      const what = isVoid ? words.of('state', 'prediction', 'void') : correct.length === 0 ? words('nothingTrue') : correct.map(label).join(', ');
      return element('li', { 'data-settlement': number }, `${words('settlementN', { n: String(number), what })} · ${formats.moment(Date.parse(at))}`);
    });
    const list = element('ul', {}, ...lines);
    if (this.#decisions.textContent !== words('settlements') + (list.textContent ?? '')) this.#decisions.replaceChildren(element('h2', {}, words('settlements')), list);
  }
}

/** What came true, by the newest decision. */
function correctOf(item: Poll | Prediction): readonly string[] {
  const last = item.kind === 'prediction' ? item.settlements?.at(-1) : undefined;
  return last === undefined || last.void === true ? [] : (last.correct ?? []);
}
