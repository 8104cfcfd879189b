import type { ChannelView, PollItem, TallyItem } from '@fanhub/client';
import { PollCard, type CardContext } from './poll-card.js';
import { pollsOf } from './polls.js';

/** Keeps one card for each poll of a channel, in order, without disturbing those that stay. */
export class PollList {
  readonly #cards = new Map<string, PollCard>();
  #settled = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly context: CardContext,
    private readonly announce: (text: string) => void,
  ) {}

  /** Shows the channel as it now is. @returns how many polls there are. */
  show(view: ChannelView): number {
    const polls = pollsOf(view.items);
    const wanted = new Set(polls.map((poll) => poll.id));
    for (const [id, card] of this.#cards) {
      if (wanted.has(id)) continue;
      card.root.remove();
      this.#cards.delete(id);
      // What was taken back is not to be read out either.
      this.announce('');
    }

    for (const poll of polls) this.#showOne(poll, view.items.get(`tally:${poll.id}`)?.data as TallyItem | undefined);
    this.#order(polls);
    if (view.state === 'ready') {
      this.#settled = true;
      this.context.own.learn([...wanted]);
    }

    return polls.length;
  }

  render(): void {
    for (const card of this.#cards.values()) card.render();
  }

  tick(): void {
    for (const card of this.#cards.values()) card.tick();
  }

  #showOne(poll: PollItem, tally: TallyItem | undefined): void {
    const before = this.#cards.get(poll.id);
    const was = before?.poll.state;
    const card = before ?? new PollCard(this.context, poll);
    this.#cards.set(poll.id, card);
    card.update(poll, tally);
    if (!this.#settled || was === poll.state) return;
    const { words } = this.context;
    if (poll.state === 'open') this.announce(words('newPoll', { title: poll.title }));
    else if (poll.state === 'closed') this.announce(words('nowClosed', { title: poll.title }));
    else if (poll.state === 'revealed') this.announce(words('nowRevealed', { title: poll.title }));
    else this.announce(words('nowCancelled', { title: poll.title }));
  }

  #order(polls: readonly PollItem[]): void {
    const focused = document.activeElement;
    polls.forEach((poll, i) => {
      const card = this.#cards.get(poll.id)!.root;
      if (this.root.children[i] !== card) this.root.insertBefore(card, this.root.children[i] ?? null);
    });
    // Moving a card takes the focus out of it.
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.root.contains(focused)) focused.focus({ preventScroll: true });
  }
}
