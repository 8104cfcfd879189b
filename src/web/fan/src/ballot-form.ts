import { FanHubError, type BallotReply } from '@fanhub/client';
import type { BallotTexts } from './ballot-texts.js';
import type { CardContext } from './card-context.js';
import { ballots, Choices, type Ask } from './choices.js';
import { element, setAttribute, setLanguage, setText } from './dom.js';
import { directionOf } from './format.js';
import { voteFailure } from './strings.js';

/** What is asked, and whether it can be answered now. */
export interface Form extends Ask {
  readonly title: string;
  readonly hint: string;
  readonly changeable: boolean;
  readonly open: boolean;
}

/** Where a ballot goes, and what it is called. */
export interface Box {
  /** What the fan's own ballots are known by. */
  readonly id: string;
  readonly texts: BallotTexts;
  cast(choices: readonly string[]): Promise<BallotReply>;
}

let forms = 0;

/** A form for one ballot: the question, its options, a button that sends it, and what became of it. What was chosen is sent only by the button. */
export class BallotForm {
  readonly root: HTMLElement;
  readonly #title: HTMLElement;
  readonly #hint = element('p', { class: 'hint' });
  readonly #fields = element('fieldset');
  readonly #choices: Choices;
  readonly #button = element('button', { type: 'submit' });
  readonly #message = element('p', { class: 'message', role: 'status', tabindex: -1 });
  readonly #total = element('p', { class: 'total' });
  #form: Form | undefined;
  /** The fan has moved the choice since it was last recorded: it is not to be overwritten. */
  #touched = false;
  #sending: readonly string[] | undefined;
  #said: string | undefined;

  constructor(
    private readonly context: CardContext,
    private readonly box: Box,
    heading: 'h2' | 'h3',
  ) {
    // A heading that can be given the focus, when a question takes the place of one that had it.
    this.#title = element(heading, { tabindex: -1 });
    this.#choices = new Choices(context, `ballot-${++forms}`, box.texts);
    this.#fields.append(element('legend', {}, this.#title), this.#hint, this.#choices.root);
    this.root = element('form', {}, this.#fields, element('div', { class: 'foot' }, this.#button, this.#message), this.#total);
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.root.addEventListener('change', () => {
      this.#touched = true;
      this.#said = undefined;
      this.render();
    });
  }

  show(form: Form): void {
    this.#form = form;
    this.render();
  }

  render(): void {
    const form = this.#form;
    if (form === undefined) return;
    const { words } = this.context;
    const own = this.context.own.of(this.box.id);
    const mayCast = form.open && (own === undefined || form.changeable);
    setText(this.#title, form.title);
    setLanguage(this.#title, form.lang, directionOf(form.lang));
    setText(this.#hint, form.hint);
    // What was chosen and never sent is no choice once it cannot be sent any more.
    const settled = !mayCast && this.#sending === undefined;
    this.#choices.show(form, own, settled ? (own ?? []) : this.#touched ? undefined : own);

    const hadFocus = this.root.contains(document.activeElement) && document.activeElement !== this.#title;
    setAttribute(this.root, 'data-answerable', mayCast ? '' : undefined);
    this.#fields.disabled = !mayCast;
    this.#button.hidden = !mayCast;
    setText(this.#button, words(own === undefined ? this.box.texts.cast : this.box.texts.change));
    setText(this.#message, this.#messageText(form, own !== undefined && !mayCast && form.open));
    // What had the focus can be used no longer: whoever reads by keyboard goes on from what became of it.
    if (hadFocus && !mayCast) (this.#message.textContent === '' ? this.#title : this.#message).focus({ preventScroll: true });
    this.#renderTotal(form);
  }

  /** For the form that takes the place of one that had the focus. */
  focus(): void {
    this.#title.focus({ preventScroll: true });
  }

  #messageText(form: Form, done: boolean): string {
    const { words, hub } = this.context;
    const { texts } = this.box;
    // The outcome says more than that a ballot was counted.
    if (form.correct !== undefined) return '';
    if (this.#sending !== undefined) return words(hub.status === 'offline' ? texts.waiting : texts.sending);
    return this.#said ?? (done ? words(texts.done) : '');
  }

  #renderTotal({ tally, maxChoices }: Form): void {
    setAttribute(this.#total, 'data-ballots', tally === undefined ? undefined : String(tally.ballots));
    if (tally === undefined) return setText(this.#total, '');
    const count = ballots(this.context, this.box.texts, tally.ballots);
    setText(this.#total, maxChoices > 1 ? `${count}. ${this.context.words(this.box.texts.shares)}` : count);
  }

  async #submit(): Promise<void> {
    const { own, words } = this.context;
    const { id, texts, cast } = this.box;
    const choices = this.#choices.chosen;
    if (this.#form?.open !== true) return;
    if (this.#sending !== undefined && (!this.#form.changeable || same(this.#sending, choices))) return;
    if (choices.length === 0) {
      this.#say(words('pickFirst'));
      this.#choices.focusFirst();
      return;
    }

    if (this.#sending === undefined && same(own.of(id), choices)) return this.#say(words(texts.same));
    this.#sending = choices;
    this.#say(undefined);
    try {
      const reply = await cast(choices);
      this.#sending = undefined;
      this.#touched = !same(this.#choices.chosen, choices);
      this.#said = words(reply.status === 'changed' ? texts.changed : texts.accepted);
      own.set(id, choices);
    } catch (error) {
      const code = error instanceof FanHubError ? error.code : 'internal';
      if (code === 'superseded') return;
      this.#sending = undefined;
      if (code === 'already_voted') this.#touched = false;
      if (code === 'already_voted' || code === 'timeout') own.doubt(id);
      this.#say(voteFailure(words, code, texts.of));
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
