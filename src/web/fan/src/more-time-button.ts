import { FanHubError, type QuizItem } from '@fanhub/client';
import type { CardContext } from './card-context.js';
import { element, setText } from './dom.js';

/** Asks for double time in a quiz, for people who need it. */
export class MoreTimeButton {
  readonly root: HTMLElement;
  readonly #button = element('button', { type: 'button', class: 'quiet', 'data-more-time': true });
  readonly #message = element('p', { class: 'hint', role: 'status', tabindex: -1 });
  #asking = false;
  #failed: string | undefined;
  #quiz: QuizItem | undefined;

  constructor(
    private readonly context: CardContext,
    private readonly id: string,
    private readonly changed: () => void,
  ) {
    setText(this.#button, context.words('moreTime'));
    this.#button.addEventListener('click', () => void this.#ask());
    this.root = element('div', { class: 'more-time', hidden: true }, this.#button, this.#message);
  }

  show(quiz: QuizItem): void {
    this.#quiz = quiz;
    const { moreTimes } = this.context;
    const has = moreTimes.has(this.id);
    const { question } = quiz;
    // In the last question there is no next one to have it in.
    const useful = quiz.moreTime && quiz.state === 'running' && (question === undefined || question.index < quiz.of);
    const holds = question !== undefined && moreTimes.holds(this.id, question);
    this.root.hidden = quiz.state !== 'running' || !(has ? useful || holds : useful);
    const hadFocus = this.#button.contains(document.activeElement);
    this.#button.hidden = has;
    setText(this.#message, this.#text(has, holds));
    if (has && hadFocus) this.#message.focus({ preventScroll: true });
  }

  #text(has: boolean, holds: boolean): string {
    const { words } = this.context;
    if (this.#failed !== undefined) return this.#failed;
    if (!has) return words(this.#asking ? 'working' : 'moreTimeHint');
    return words(holds ? 'moreTimeOn' : 'moreTimeFrom');
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    const { hub, moreTimes, words } = this.context;
    this.#asking = true;
    this.#failed = undefined;
    this.#render();
    try {
      await hub.moreTime(this.id);
      moreTimes.add(this.id, hub.now());
    } catch (error) {
      const refused = error instanceof FanHubError && error.code === 'conflict';
      this.#failed = words(refused ? 'error_moreTimeRefused' : 'error_moreTime');
    }

    this.#asking = false;
    this.changed();
  }

  #render(): void {
    if (this.#quiz !== undefined) this.show(this.#quiz);
  }
}
