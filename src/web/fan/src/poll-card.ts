import type { PollItem, TallyItem } from '@fanhub/client';
import { BallotForm } from './ballot-form.js';
import { voteTexts } from './ballot-texts.js';
import type { CardContext } from './card-context.js';
import { closingText } from './closing.js';
import { element, setAttribute, setText } from './dom.js';
import type { StringKey } from './strings.js';

/** One poll on the page: the question, a form to answer it, and the count as it moves. */
export class PollCard {
  readonly root: HTMLElement;
  readonly #badge = element('span', { class: 'badge' });
  readonly #timer = element('span', { class: 'timer', role: 'timer' });
  readonly #form: BallotForm;
  #poll: PollItem;
  #tally: TallyItem | undefined;

  constructor(
    private readonly context: CardContext,
    poll: PollItem,
  ) {
    this.#poll = poll;
    this.#form = new BallotForm(context, { id: poll.id, texts: voteTexts, cast: (choices) => context.hub.vote(poll.id, choices) }, 'h2');
    this.root = element('article', { 'data-poll': poll.id }, element('p', { class: 'state' }, this.#badge, ' ', this.#timer), this.#form.root);
  }

  /** Shows the poll as it now is. @param tally the running count, where it may be seen. */
  update(poll: PollItem, tally: TallyItem | undefined): void {
    this.#poll = poll;
    this.#tally = poll.tally !== undefined && (tally === undefined || poll.tally.final) ? poll.tally : tally;
    this.render();
  }

  /** Time went by. */
  tick(): void {
    setText(this.#timer, this.#poll.state === 'open' ? closingText(this.context, this.#poll) : '');
  }

  render(): void {
    const { words, own } = this.context;
    const poll = this.#poll;
    const voted = own.of(poll.id) !== undefined;
    setAttribute(this.root, 'data-state', poll.state);
    setAttribute(this.root, 'data-voted', voted ? '' : undefined);
    setText(this.#badge, words(poll.state));
    this.tick();
    this.#form.show({
      title: poll.title,
      lang: poll.lang ?? words.lang,
      options: poll.options,
      maxChoices: poll.maxChoices,
      changeable: poll.changeable,
      open: poll.state === 'open',
      hint: this.#hint(voted),
      tally: this.#tally,
      final: poll.state === 'revealed',
    });
  }

  #hint(voted: boolean): string {
    const { state, maxChoices, visibility } = this.#poll;
    return state === 'open' ? chooseHint(this.context, maxChoices, visibility, voted) : this.context.words(`${state}Note`);
  }
}

/** How many to choose, and when the count can be seen. */
export function chooseHint({ words, formats }: CardContext, maxChoices: number, visibility: PollItem['visibility'], voted: boolean): string {
  const choose = maxChoices > 1 ? words('chooseSome', { n: formats.count(maxChoices) }) : words('chooseOne');
  const seen: Record<typeof visibility, StringKey | undefined> = { live: undefined, after_vote: voted ? undefined : 'afterVote', after_close: 'afterClose', never: 'never' };
  const when = seen[visibility];
  return when === undefined ? choose : `${choose} ${words(when)}`;
}
