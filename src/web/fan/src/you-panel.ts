import { delayForm } from './delay-form.js';
import { element, setAttribute, setText } from './dom.js';
import { forgetForm } from './forget-form.js';
import type { Formats } from './format.js';
import type { Me } from './me.js';
import { NameForm } from './name-form.js';
import type { StreamDelay } from './stream-delay.js';
import type { Words } from './strings.js';

/** What the panel needs, and what it does to the page. */
export interface YouContext {
  readonly words: Words;
  readonly formats: Formats;
  readonly me: Me;
  readonly delay: StreamDelay;
  /** The delay is another one from now on. */
  delayed(): void;
  forget(): Promise<void>;
}

/** What the fan says about themselves: a name, how far the video is behind, or that they want to be forgotten. */
export class YouPanel {
  readonly root: HTMLDetailsElement;
  readonly #summary = element('summary');

  constructor(private readonly context: YouContext) {
    const { words, formats, me, delay } = context;
    const name = new NameForm(words, me);
    const delayed = (): void => {
      this.#showSummary();
      context.delayed();
    };
    const forget = async (): Promise<void> => {
      await context.forget();
      name.forget();
    };
    const parts = element('div', { class: 'parts' }, name.root, delayForm(words, formats, delay, delayed), forgetForm(words, forget));
    this.root = element('details', { class: 'you-panel', id: 'you' }, this.#summary, parts);
    this.root.addEventListener('toggle', () => {
      if (this.root.open) void name.load();
    });
    this.#showSummary();
  }

  #showSummary(): void {
    const { words, formats, delay } = this.context;
    setText(this.#summary, delay.seconds > 0 ? words('youBehind', { n: formats.count(delay.seconds) }) : words('youTitle'));
    setAttribute(this.root, 'data-delay', String(delay.seconds));
  }
}
