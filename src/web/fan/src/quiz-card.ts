import type { QuizItem, QuizQuestion, Update } from '@fanhub/client';
import type { CardContext } from './card-context.js';
import { element, setAttribute, setLanguage, setText } from './dom.js';
import { directionOf } from './format.js';
import { Leaderboard } from './leaderboard.js';
import { MoreTimeButton } from './more-time-button.js';
import { outcomeTexts, QuestionPanel } from './question-panel.js';

/** One quiz on the page: the question that is on, the fan's answer to it, and who is ahead. */
export class QuizCard {
  readonly root: HTMLElement;
  readonly #badge = element('span', { class: 'badge' });
  readonly #progress = element('span', { class: 'timer' });
  readonly #title = element('h2', { tabindex: -1 });
  readonly #note = element('p', { class: 'hint' });
  readonly #place = element('div', { class: 'question-place' });
  readonly #more: MoreTimeButton;
  readonly #board: Leaderboard;
  #quiz: QuizItem;
  #panel: QuestionPanel | undefined;

  constructor(
    private readonly context: CardContext,
    quiz: QuizItem,
  ) {
    this.#quiz = quiz;
    this.#more = new MoreTimeButton(context, quiz.id, () => this.render());
    this.#board = new Leaderboard(context, quiz.id);
    const state = element('p', { class: 'state' }, this.#badge, ' ', this.#progress);
    this.root = element('article', { 'data-quiz': quiz.id }, state, this.#title, this.#note, this.#place, this.#more.root, this.#board.root);
  }

  /** Shows the quiz as it now is. @param board its leaderboard, once there is one. @param isNews whether what differs happened just now. */
  update(quiz: QuizItem, board: Update | undefined, isNews: boolean): void {
    const before = this.#quiz;
    this.#quiz = quiz;
    const wasOn = this.#panel === undefined ? undefined : before.question;
    this.#showQuestion(quiz.state === 'cancelled' ? undefined : quiz.question);
    this.#board.show(quiz.state === 'cancelled' ? undefined : board, this.context.words(quiz.state === 'finished' ? 'finalStandings' : 'leaderboard'));
    this.render();
    if (isNews) this.#tell(before, wasOn);
  }

  /** Time went by. */
  tick(): void {
    this.#panel?.tick();
  }

  render(): void {
    const { words, formats } = this.context;
    const { state, title, question, of } = this.#quiz;
    setAttribute(this.root, 'data-state', state);
    setText(this.#badge, `${words('quiz')} · ${words(state)}`);
    setText(this.#progress, question === undefined || state !== 'running' ? '' : words('questionOf', { n: formats.count(question.index), of: formats.count(question.of ?? of) }));
    setText(this.#title, title);
    const lang = this.#quiz.lang ?? words.lang;
    setLanguage(this.#title, lang, directionOf(lang));
    setText(this.#note, this.#noteText());
    this.#note.hidden = this.#note.textContent === '';
    this.#panel?.render();
    this.#more.show(this.#quiz);
    this.#board.render();
  }

  #noteText(): string {
    const { words } = this.context;
    const { state, question } = this.#quiz;
    if (state === 'finished') return words('quizFinished');
    if (state === 'cancelled') return words('quizCancelled');
    if (question === undefined) return words('quizWaiting');
    return question.state === 'revealed' && question.index < this.#quiz.of ? words('quizNext') : '';
  }

  #showQuestion(question: QuizQuestion | undefined): void {
    if (question?.id === this.#panel?.id) {
      if (question !== undefined) this.#panel!.update(this.#quiz, question);
      return;
    }

    const hadFocus = this.#place.contains(document.activeElement);
    this.#panel = question === undefined ? undefined : new QuestionPanel(this.context, this.#quiz, question, () => this.context.standings.of(this.#quiz.id).played());
    this.#place.replaceChildren(...(this.#panel === undefined ? [] : [this.#panel.root]));
    this.#panel?.render();
    if (!hadFocus) return;
    if (this.#panel === undefined) this.#title.focus({ preventScroll: true });
    else this.#panel.focus();
  }

  #tell(before: QuizItem, wasOn: QuizQuestion | undefined): void {
    const { words, announcer } = this.context;
    const { id, state, title, question } = this.#quiz;
    const subject = `quiz:${id}`;
    if (state !== before.state && state === 'finished') return announcer.news(subject, words('newsFinished', { title }));
    if (state !== before.state && state === 'cancelled') return announcer.news(subject, words('newsCancelled', { title }));
    if (question === undefined || (question.id === wasOn?.id && question.state === wasOn.state)) return;
    const text = this.#newsOf(question);
    if (text !== undefined) announcer.news(subject, text);
  }

  #newsOf(question: QuizQuestion): string | undefined {
    const { words, formats } = this.context;
    const n = formats.count(question.index);
    switch (question.state) {
      case 'open':
        return words('newsQuestion', { n, of: formats.count(question.of), text: question.text, seconds: formats.count(question.seconds) });
      case 'closed':
        return words('newsClosed', { n });
      case 'revealed': {
        const answers = question.options.filter((option) => question.correct?.includes(option.id)).map((option) => option.label);
        const outcome = this.#panel?.outcome;
        return words('newsRevealed', { n, answers: answers.join(', '), own: outcome === undefined || outcome === 'none' ? '' : words(outcomeTexts[outcome]) }).trim();
      }
      default:
        return undefined;
    }
  }
}
