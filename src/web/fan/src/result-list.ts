import type { ChannelView, ResultItem, TelemetryItem, Update } from '@fanhub/client';
import { element, putInOrder } from './dom.js';
import { HeldItems } from './held-items.js';
import { MoreButton } from './more-button.js';
import { ResultCard } from './result-card.js';
import type { ResultContext } from './result-context.js';
import { inOrder } from './results.js';
import { TelemetryCard } from './telemetry-card.js';

const mostAtOnce = 12;

/** Keeps one card for each result of a channel, in order, without disturbing those that stay. */
export class ResultList {
  readonly root: HTMLElement;
  readonly #cards = new Map<string, ResultCard>();
  readonly #measured = new Map<string, TelemetryCard>();
  readonly #held: HeldItems<ResultItem>;
  readonly #list: HTMLElement;
  readonly #more: MoreButton;
  #settled = false;
  #title: string | undefined;

  constructor(private readonly context: ResultContext, heading: HTMLElement, look: () => void) {
    this.#list = element('div', { class: context.place.kind === 'unit' ? 'results whole' : 'results' });
    this.#held = new HeldItems((item) => item.kind === 'result');
    this.#more = new MoreButton(context.words('more'), mostAtOnce, look);
    this.root = element('section', { hidden: true }, heading, this.#list, this.#more.root);
  }

  /** Whether to look again in a while, although nothing came. */
  get waiting(): boolean {
    return this.#held.waiting;
  }

  /** What the first result is called; undefined while there is none. */
  get title(): string | undefined {
    return this.#title;
  }

  /** Shows the channel as it now is. @returns how many results there are. */
  show(view: ChannelView): number {
    const results = inOrder(this.#held.look(view));
    const shown = this.#more.some(results);
    this.#title = results[0]?.update.data?.title;
    const roots = shown.map((held) => {
      const card = this.#cards.get(held.key) ?? new ResultCard(this.context, held.key);
      this.#cards.set(held.key, card);
      card.update(held, this.#settled);
      return card.root;
    });
    const measured = this.#showMeasured(view.items);
    // Before there is a result, what is measured is the news; then it is no more than a detail of it.
    const first = shown[0]?.update.data?.status === 'start_list';
    putInOrder(this.#list, first ? [...measured, ...roots] : [...roots, ...measured]);
    if (view.state === 'ready') this.#settled = true;
    this.root.hidden = roots.length + measured.length === 0;
    return roots.length + measured.length;
  }

  #showMeasured(items: ReadonlyMap<string, Update>): HTMLElement[] {
    const wanted = [...items.values()].filter((item) => item.kind === 'telemetry');
    for (const key of this.#measured.keys()) if (!items.has(key)) this.#measured.delete(key);
    return wanted.map((item) => {
      const data = item.data as TelemetryItem;
      const result = items.get(`result:${data.unit}`)?.data as ResultItem | undefined;
      const card = this.#measured.get(item.key) ?? new TelemetryCard(this.context, item.key);
      this.#measured.set(item.key, card);
      card.update(data, result?.title ?? data.unit, result?.lang ?? this.context.words.lang);
      return card.root;
    });
  }
}
