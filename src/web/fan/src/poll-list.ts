import type { ChannelView, PollItem, TallyItem } from '@fanhub/client';
import type { Announcer } from './announcer.js';
import { putInOrder } from './dom.js';
import { PollCard, type CardContext } from './poll-card.js';
import { pollsOf } from './polls.js';

/** Keeps one card for each poll of a channel, in order, without disturbing those that stay. */
export class PollList {
  readonly #cards = new Map<string, PollCard>();
  #settled = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly context: CardContext,
    private readonly announcer: Announcer,
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
      this.announcer.forget(`poll:${id}`);
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
    const key = ({ open: 'newPoll', closed: 'nowClosed', revealed: 'nowRevealed', cancelled: 'nowCancelled' } as const)[poll.state];
    this.announcer.news(`poll:${poll.id}`, words(key, { title: poll.title }));
  }

  #order(polls: readonly PollItem[]): void {
    putInOrder(this.root, polls.map((poll) => this.#cards.get(poll.id)!.root));
  }
}
