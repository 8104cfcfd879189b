import { FanHubError, type FanHub, type PollItem, type TallyItem } from '@fanhub/client';
import { element, setAttribute, setText } from './dom.js';
import { countdown, directionOf, leaders, shareOf, type Formats } from './format.js';
import { OptionRow } from './option-row.js';
import type { OwnBallots } from './own-ballots.js';
import { voteFailure, type StringKey, type Words } from './strings.js';

const dayMs = 86_400_000;
let cards = 0;

/** What the cards of a page share. */
export interface CardContext {
  hub: Pick<FanHub, 'vote' | 'now' | 'status'>;
  own: OwnBallots;
  words: Words;
  formats: Formats;
}

/** One poll on the page: the question, a form to answer it, and the count as it moves. */
export class PollCard {
  readonly root: HTMLElement;
  readonly #name = `poll-${++cards}`;
  readonly #badge = element('span', { class: 'badge' });
  readonly #timer = element('span', { class: 'timer', role: 'timer' });
  readonly #title = element('h2');
  readonly #hint = element('p', { class: 'hint' });
  readonly #fields = element('fieldset');
  readonly #options = element('div', { class: 'options' });
  readonly #button = element('button', { type: 'submit' });
  readonly #message = element('p', { class: 'message', role: 'status', tabindex: -1 });
  readonly #total = element('p', { class: 'total' });
  #rows = new Map<string, OptionRow>();
  #shape = '';
  #poll: PollItem;
  #tally: TallyItem | undefined;
  /** The fan has moved the choice since it was last recorded: it is not to be overwritten. */
  #touched = false;
  #sending: readonly string[] | undefined;
  #said: string | undefined;

  constructor(
    private readonly context: CardContext,
    poll: PollItem,
  ) {
    this.#poll = poll;
    this.#fields.append(element('legend', {}, this.#title), this.#hint, this.#options);
    const form = element('form', {}, this.#fields, element('div', { class: 'foot' }, this.#button, this.#message), this.#total);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
    form.addEventListener('change', () => {
      this.#touched = true;
      this.#said = undefined;
      this.render();
    });
    this.root = element('article', { 'data-poll': poll.id }, element('p', { class: 'state' }, this.#badge, ' ', this.#timer), form);
  }

  get poll(): PollItem {
    return this.#poll;
  }

  /** Shows the poll as it now is. */
  update(poll: PollItem, tally: TallyItem | undefined): void {
    this.#poll = poll;
    this.#tally = poll.tally !== undefined && (tally === undefined || poll.tally.final) ? poll.tally : tally;
    this.render();
  }

  /** Time went by. */
  tick(): void {
    setText(this.#timer, this.#timeLeft());
  }

  render(): void {
    const { words } = this.context;
    const poll = this.#poll;
    const own = this.context.own.of(poll.id);
    const open = poll.state === 'open';
    const mayVote = open && (own === undefined || poll.changeable);

    setAttribute(this.root, 'data-state', poll.state);
    setAttribute(this.root, 'data-voted', own === undefined ? undefined : '');
    setText(this.#badge, words(poll.state));
    setText(this.#title, poll.title);
    const lang = poll.lang ?? words.lang;
    setAttribute(this.#title, 'lang', lang);
    setAttribute(this.#title, 'dir', directionOf(lang));
    this.tick();
    this.#shapeRows(lang);
    this.#renderRows(own);

    setText(this.#hint, this.#hintText(own !== undefined));
    const leaves = !mayVote && document.activeElement !== null && this.#fields.parentElement!.contains(document.activeElement);
    this.#fields.disabled = !mayVote;
    this.#button.hidden = !mayVote;
    // What had the focus can be used no longer: whoever reads by keyboard goes on from what became of it.
    if (leaves) this.#message.focus({ preventScroll: true });
    setText(this.#button, words(own === undefined ? 'vote' : 'change'));
    const waiting = this.#sending === undefined ? undefined : words(this.context.hub.status === 'offline' ? 'waiting' : 'sending');
    setText(this.#message, waiting ?? this.#said ?? (own !== undefined && !mayVote && open ? words('voted') : ''));
    this.#renderTotal();
  }

  #shapeRows(lang: string): void {
    const several = this.#poll.maxChoices > 1;
    const shape = JSON.stringify([several, this.#poll.options.map((option) => option.id)]);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#rows = new Map(this.#poll.options.map((option, i) => [option.id, new OptionRow(option.id, this.#name, i, several)]));
      this.#options.replaceChildren(...[...this.#rows.values()].map((row) => row.root));
    }

    for (const option of this.#poll.options) this.#rows.get(option.id)!.label(option.label, option.lang ?? lang);
  }

  #renderRows(own: readonly string[] | undefined): void {
    const { words, formats } = this.context;
    const tally = this.#tally;
    if (own !== undefined && !this.#touched) for (const [id, row] of this.#rows) row.input.checked = own.includes(id);
    const full = this.#poll.maxChoices > 1 && this.#chosen().length >= this.#poll.maxChoices;
    const first = this.#poll.state === 'revealed' && tally !== undefined ? leaders(tally) : new Set<string>();
    for (const [id, row] of this.#rows) {
      row.input.disabled = full && !row.input.checked;
      const part = tally && { count: tally.counts[id] ?? 0, share: shareOf(tally, id) };
      const notes = [...(own?.includes(id) ? [words('yourVote')] : []), ...(first.has(id) ? [words('mostVotes')] : [])];
      if (part !== undefined) notes.push(formats.share(part.share), this.#votes(part.count));
      row.mark(own?.includes(id) ?? false, first.has(id), notes.join(', '));
      row.figures(part, formats);
    }
  }

  #renderTotal(): void {
    const { words } = this.context;
    const ballots = this.#tally?.ballots;
    setAttribute(this.#total, 'data-ballots', ballots === undefined ? undefined : String(ballots));
    if (ballots === undefined) return setText(this.#total, '');
    const count = this.#votes(ballots);
    setText(this.#total, this.#poll.maxChoices > 1 ? `${count}. ${words('ofVotes')}` : count);
  }

  #votes(n: number): string {
    return this.context.words(n === 1 ? 'ballotsOne' : 'ballotsMany', { n: this.context.formats.count(n) });
  }

  #hintText(voted: boolean): string {
    const { words, formats } = this.context;
    const { state, maxChoices, visibility } = this.#poll;
    if (state !== 'open') return words(`${state}Note`);
    const choose = maxChoices > 1 ? words('chooseSome', { n: formats.count(maxChoices) }) : words('chooseOne');
    const seen: Record<typeof visibility, StringKey | undefined> = { live: undefined, after_vote: voted ? undefined : 'afterVote', after_close: 'afterClose', never: 'never' };
    const when = seen[visibility];
    return when === undefined ? choose : `${choose} ${words(when)}`;
  }

  #timeLeft(): string {
    const { words, formats, hub } = this.context;
    if (this.#poll.state !== 'open' || this.#poll.closesAt === undefined) return '';
    const closesAt = Date.parse(this.#poll.closesAt);
    const left = closesAt - hub.now();
    if (left <= 0) return words('closing');
    return left > dayMs ? words('closesAt', { time: formats.moment(closesAt) }) : words('closesIn', { time: countdown(left) });
  }

  #chosen(): string[] {
    return [...this.#rows].filter(([, row]) => row.input.checked).map(([id]) => id);
  }

  async #submit(): Promise<void> {
    const { own, words, hub } = this.context;
    const { id, changeable } = this.#poll;
    const choices = this.#chosen();
    if (this.#sending !== undefined && (!changeable || same(this.#sending, choices))) return;
    if (choices.length === 0) {
      this.#say(words('pickFirst'));
      this.#rows.values().next().value?.input.focus();
      return;
    }

    if (this.#sending === undefined && same(own.of(id), choices)) return this.#say(words('sameVote'));
    this.#sending = choices;
    this.#say(undefined);
    try {
      const reply = await hub.vote(id, choices);
      this.#sending = undefined;
      this.#touched = !same(this.#chosen(), choices);
      this.#said = words(reply.status === 'changed' ? 'changed' : 'accepted');
      own.set(id, choices);
    } catch (error) {
      const code = error instanceof FanHubError ? error.code : 'internal';
      if (code === 'superseded') return;
      this.#sending = undefined;
      if (code === 'already_voted') this.#touched = false;
      if (code === 'already_voted' || code === 'timeout') own.doubt(id);
      this.#say(voteFailure(words, code));
    }
  }

  #say(text: string | undefined): void {
    this.#said = text;
    this.render();
  }
}

function same(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && a.every((id) => b.includes(id));
}
