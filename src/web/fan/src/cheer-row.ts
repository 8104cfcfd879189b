import type { ChannelView, CheerItem, ReactionsItem, Update } from '@fanhub/client';
import type { CardContext } from './card-context.js';
import { element, putInOrder, setAttribute, setText } from './dom.js';
import { codeWords } from './strings.js';

const pictures: Record<string, string> = {
  fire: '🔥',
  clap: '👏',
  heart: '❤️',
  wow: '😮',
  flag: '🏁',
  star: '⭐',
  party: '🎉',
  laugh: '😂',
  cry: '😢',
  muscle: '💪',
  gold: '🥇',
  trophy: '🏆',
};

/** A rate that nobody confirms any more is over. */
const staleMs = 3_000;
const popMs = 400;

interface CheerButton {
  readonly root: HTMLElement;
  readonly rate: HTMLElement;
  taps: number;
}

/** Buttons to cheer with, and how fast everybody taps. */
export class CheerRow {
  readonly root: HTMLElement;
  readonly #row = element('div', { class: 'cheers' });
  readonly #message = element('p', { class: 'hint', role: 'status' });
  readonly #buttons = new Map<string, CheerButton>();
  #ratesAt = -Infinity;

  constructor(
    private readonly context: CardContext,
    private readonly channel: string,
    private readonly clock: () => number = () => performance.now(),
  ) {
    const { words } = context;
    this.root = element('section', { 'aria-label': words('cheer'), 'data-cheers': channel, hidden: true }, this.#row, this.#message);
  }

  /** Shows the channel as it now is. @returns how many reactions there are. */
  show(view: ChannelView): number {
    const reactions = (view.items.get(`reactions:${this.channel}`)?.data as ReactionsItem | undefined)?.reactions ?? [];
    for (const name of this.#buttons.keys()) if (!reactions.includes(name)) this.#buttons.delete(name);
    for (const name of reactions) if (!this.#buttons.has(name)) this.#buttons.set(name, this.#make(name));
    putInOrder(this.#row, reactions.map((name) => this.#buttons.get(name)!.root));
    this.root.hidden = reactions.length === 0;
    return reactions.length;
  }

  /** Something went by on the channel. */
  passed(update: Update): void {
    if (update.kind !== 'cheer') return;
    const { rates, seconds } = update.data as CheerItem;
    this.#ratesAt = this.clock();
    for (const [name, button] of this.#buttons) this.#showRate(button, (rates[name] ?? 0) / Math.max(1, seconds));
  }

  /** Time went by. */
  tick(): void {
    if (this.clock() - this.#ratesAt < staleMs) return;
    this.#ratesAt = Infinity;
    for (const button of this.#buttons.values()) this.#showRate(button, 0);
  }

  #make(name: string): CheerButton {
    const { words } = this.context;
    const picture = Object.hasOwn(pictures, name) ? pictures[name] : undefined;
    const text = codeWords(words, 'reaction', name);
    const rate = element('span', { class: 'rate', 'aria-hidden': 'true' });
    const face = picture === undefined ? element('span', { class: 'name' }, text) : element('span', { class: 'picture', 'aria-hidden': 'true' }, picture);
    const label = picture === undefined ? [] : [element('span', { class: 'unseen' }, text)];
    const root = element('button', { type: 'button', class: 'cheer', 'data-cheer': name }, face, ...label, rate);
    const button: CheerButton = { root, rate, taps: 0 };
    root.addEventListener('click', () => this.#tap(name, button));
    return button;
  }

  #tap(name: string, button: CheerButton): void {
    const sent = this.context.hub.cheer(this.channel, name);
    setText(this.#message, sent ? '' : this.context.words('cheerOffline'));
    if (!sent) return;
    setAttribute(button.root, 'data-taps', String(++button.taps));
    this.#pop(button);
  }

  /** What was tapped moves, or only lights up for who wants no motion: the style sheet decides. */
  #pop({ root, taps }: CheerButton): void {
    // Two that are alike in turns, so that the next tap begins the motion again.
    setAttribute(root, 'data-pop', taps % 2 === 0 ? 'even' : 'odd');
    setTimeout(() => {
      if (root.getAttribute('data-taps') === String(taps)) root.removeAttribute('data-pop');
    }, popMs);
  }

  #showRate({ root, rate }: CheerButton, perSecond: number): void {
    const { words, formats } = this.context;
    const n = Math.round(perSecond);
    setAttribute(root, 'data-rate', n > 0 ? String(n) : undefined);
    setText(rate, n > 0 ? words('perSecond', { n: formats.count(n) }) : '');
  }
}
