import { element, putInOrder } from './dom.js';

/** One of the cards of a list. */
export interface Card {
  readonly root: HTMLElement;
  render(): void;
  tick(): void;
}

/** Keeps one card for each of some things, in order, without disturbing those that stay. */
export class CardList<T extends { id: string }, C extends Card> {
  readonly root: HTMLElement;
  readonly #cards = new Map<string, C>();

  constructor(
    className: string,
    private readonly make: (data: T) => C,
    /** The thing is gone. */
    private readonly gone: (id: string) => void,
  ) {
    this.root = element('div', { class: className });
  }

  /** @param update shows one as it now is; `isNew` where there was no card for it. @returns how many there are. */
  show(wanted: readonly T[], update: (card: C, data: T, isNew: boolean) => void): number {
    const hadFocus = this.root.contains(document.activeElement);
    const ids = new Set(wanted.map(({ id }) => id));
    for (const id of [...this.#cards.keys()]) {
      if (ids.has(id)) continue;
      this.#cards.delete(id);
      this.gone(id);
    }

    for (const data of wanted) {
      const before = this.#cards.get(data.id);
      const card = before ?? this.make(data);
      this.#cards.set(data.id, card);
      update(card, data, before === undefined);
    }

    putInOrder(this.root, wanted.map(({ id }) => this.#cards.get(id)!.root));
    this.root.hidden = wanted.length === 0;
    // Whoever was at a card that went away goes on at the top of the page.
    if (hadFocus && !this.root.contains(document.activeElement)) document.getElementById('title')?.focus({ preventScroll: true });
    return wanted.length;
  }

  /** What is shown may be otherwise, because the fan's own ballots, or the connection, changed. */
  render(): void {
    for (const card of this.#cards.values()) card.render();
  }

  /** Time went by. */
  tick(): void {
    for (const card of this.#cards.values()) card.tick();
  }
}
