import type { ChannelView, PollItem, TallyItem } from '@fanhub/client';
import type { CardContext } from './card-context.js';
import { CardList } from './card-list.js';
import { PollCard } from './poll-card.js';
import { pollsOf } from './polls.js';

/** The polls of a channel. */
export class PollList {
  readonly #list: CardList<PollItem, PollCard>;
  readonly #states = new Map<string, PollItem['state']>();
  #settled = false;

  constructor(private readonly context: CardContext) {
    this.#list = new CardList(
      'polls',
      (poll) => new PollCard(context, poll),
      (id) => {
        this.#states.delete(id);
        // What was taken back is not to be read out either.
        context.announcer.forget(`poll:${id}`);
      },
    );
  }

  get root(): HTMLElement {
    return this.#list.root;
  }

  /** Shows the channel as it now is. @returns how many polls there are. */
  show(view: ChannelView): number {
    const polls = pollsOf(view.items);
    const count = this.#list.show(polls, (card, poll) => {
      card.update(poll, view.items.get(`tally:${poll.id}`)?.data as TallyItem | undefined);
      this.#tell(poll);
    });
    if (view.state === 'ready') {
      this.#settled = true;
      this.context.own.learn(polls.map(({ id }) => id));
    }

    return count;
  }

  render(): void {
    this.#list.render();
  }

  tick(): void {
    this.#list.tick();
  }

  #tell({ id, state, title }: PollItem): void {
    const was = this.#states.get(id);
    this.#states.set(id, state);
    if (!this.#settled || was === state) return;
    const key = ({ open: 'newPoll', closed: 'nowClosed', revealed: 'nowRevealed', cancelled: 'nowCancelled' } as const)[state];
    this.context.announcer.news(`poll:${id}`, this.context.words(key, { title }));
  }
}
