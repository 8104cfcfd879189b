import type { QuizItem, QuizQuestion } from '@fanhub/client';
import { BallotForm } from './ballot-form.js';
import { answerTexts } from './ballot-texts.js';
import type { CardContext } from './card-context.js';
import { element, ofUnknownLanguage, setAttribute, setText } from './dom.js';
import { countdown } from './format.js';
import { boxOf } from './own-ballots.js';
import { isRight, timesOf } from './question-times.js';

/** Ballots that were on their way at the very end still count for so long. */
const graceMs = 500;
const warnMs = 10_000;

/** What became of the fan's answer. */
export type Outcome = 'right' | 'wrong' | 'none';

export const outcomeTexts = { right: 'rightAnswer', wrong: 'wrongAnswer', none: 'noAnswer' } as const;

/** One question of a quiz: its time, its options, the fan's answer, and what was right. */
export class QuestionPanel {
  readonly root: HTMLElement;
  readonly id: string;
  readonly #timer = element('p', { class: 'countdown', role: 'timer' });
  readonly #fill = element('span', { class: 'fill' });
  readonly #bar = element('span', { class: 'bar time', 'aria-hidden': 'true' }, this.#fill);
  readonly #form: BallotForm;
  readonly #outcome = element('p', { class: 'outcome', hidden: true });
  readonly #explanation = element('p', { class: 'explanation', hidden: true, ...ofUnknownLanguage });
  #quiz: QuizItem;
  #question: QuizQuestion;
  #warned = false;

  constructor(
    private readonly context: CardContext,
    quiz: QuizItem,
    question: QuizQuestion,
    /** The fan's answer was recorded. */
    answered: () => void,
  ) {
    this.#quiz = quiz;
    this.#question = question;
    this.id = question.id;
    const cast = async (choices: readonly string[]) => {
      const reply = await context.hub.answer(quiz.id, question.id, choices);
      answered();
      return reply;
    };
    this.#form = new BallotForm(context, { id: boxOf(quiz.id, question.id), texts: answerTexts, cast }, 'h3');
    this.root = element('div', { class: 'question', 'data-question': question.id }, this.#timer, this.#bar, this.#form.root, this.#outcome, this.#explanation);
  }

  /** Whether answers count now, for this fan. */
  get takesAnswers(): boolean {
    return this.#quiz.state === 'running' && this.#question.state === 'open' && this.#left > -graceMs;
  }

  /** Undefined until it is revealed. */
  get outcome(): Outcome | undefined {
    const { correct, maxChoices, state } = this.#question;
    if (state !== 'revealed' || correct === undefined) return undefined;
    const own = this.context.own.of(boxOf(this.#quiz.id, this.id));
    if (own === undefined) return 'none';
    return isRight(own, correct, maxChoices) ? 'right' : 'wrong';
  }

  update(quiz: QuizItem, question: QuizQuestion): void {
    this.#quiz = quiz;
    this.#question = question;
    this.render();
  }

  /** For the question that takes the place of one that had the focus. */
  focus(): void {
    this.#form.focus();
  }

  /** Time went by. */
  tick(): void {
    const { words } = this.context;
    const open = this.#quiz.state === 'running' && this.#question.state === 'open';
    this.#timer.hidden = this.#bar.hidden = !open;
    if (!open) return;
    const left = this.#left;
    setText(this.#timer, left > 0 ? words('timeLeft', { time: countdown(left) }) : words('timeUp'));
    setAttribute(this.#timer, 'data-urgent', left <= warnMs ? '' : undefined);
    this.#fill.style.setProperty('--share', String(Math.min(1, Math.max(0, left / this.#times.lengthMs))));
    this.#warn(left);
    if (this.root.getAttribute('data-answers') !== String(this.takesAnswers)) this.render();
  }

  render(): void {
    const { words, own } = this.context;
    const { state, text, options, maxChoices, correct, tally } = this.#question;
    const lang = this.#question.lang ?? this.#quiz.lang ?? words.lang;
    setAttribute(this.root, 'data-state', state);
    setAttribute(this.root, 'data-answers', String(this.takesAnswers));
    setAttribute(this.root, 'data-answered', own.of(boxOf(this.#quiz.id, this.id)) === undefined ? undefined : '');
    this.#form.show({ title: text, lang, options, maxChoices, changeable: false, open: this.takesAnswers, hint: this.#hint(), tally, correct: state === 'revealed' ? (correct ?? []) : undefined });
    this.#renderOutcome();
    this.tick();
  }

  get #times() {
    return timesOf(this.#quiz, this.#question, this.context.hub.delayMs, this.context.moreTimes.holds(this.#quiz.id, this.#question));
  }

  get #left(): number {
    return this.#times.closes - this.context.hub.now();
  }

  #hint(): string {
    const { words, formats } = this.context;
    const { state, maxChoices, correct, points } = this.#question;
    if (state === 'revealed') return words((correct?.length ?? 0) > 1 ? 'questionRevealedSome' : 'questionRevealed');
    if (!this.takesAnswers) return `${words('questionClosed')} ${state === 'open' ? this.#lessTime() : ''}`.trim();
    const choose = maxChoices > 1 ? words('chooseSome', { n: formats.count(maxChoices) }) : words('chooseOne');
    const worth = words(this.#quiz.scoring === 'accuracy' ? 'worthSame' : 'worth', { n: formats.count(points) });
    return `${choose} ${worth} ${words('answerOnce')} ${this.#lessTime()}`.trim();
  }

  /** Who is further behind than the editor allows for sees the question late, and it closes all the same. */
  #lessTime(): string {
    const { words, formats, hub } = this.context;
    const most = this.#quiz.lateWindowMs ?? 0;
    return hub.delayMs > most ? words('lessTime', { n: formats.count(hub.delayMs / 1_000), most: formats.count(most / 1_000) }) : '';
  }

  #renderOutcome(): void {
    const { words } = this.context;
    const { outcome } = this;
    this.#outcome.hidden = outcome === undefined;
    setAttribute(this.#outcome, 'data-outcome', outcome);
    setText(this.#outcome, outcome === undefined ? '' : words(outcomeTexts[outcome]));
    const explanation = outcome === undefined ? '' : (this.#question.explanation ?? '');
    this.#explanation.hidden = explanation === '';
    setText(this.#explanation, explanation);
  }

  /** Read out while it is of use: not to who has answered, and not at the beginning of a short question. */
  #warn(left: number): void {
    const { announcer, words, formats, own } = this.context;
    if (this.#warned || left > warnMs || left <= 0) return;
    this.#warned = true;
    if (this.#times.lengthMs < warnMs * 1.5) return;
    announcer.news(`quiz:${this.#quiz.id}`, () => {
      const seconds = Math.ceil(this.#left / 1_000);
      const pointless = seconds <= 1 || !this.takesAnswers || own.of(boxOf(this.#quiz.id, this.id)) !== undefined;
      return pointless ? undefined : words('newsTenSeconds', { n: formats.count(seconds) });
    });
  }
}
