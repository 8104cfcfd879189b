import { element } from '../../fan/src/dom.js';
import type { Words } from './words.js';

export interface Way {
  readonly label: string;
  readonly name: string;
  readonly run: () => void;
}

/** Says what came of something, where it was done, and offers ways to go on. */
export class Notice {
  // A live region is only listened to once it stands on the page: it is there, empty, before anything is said.
  readonly root = element('div', { class: 'notice' });
  readonly #text = element('p', { role: 'status', tabindex: -1, 'data-notice': '' });
  readonly #more = element('div', { class: 'buttons' });

  constructor(private readonly words: Words) {
    this.root.append(this.#text, this.#more);
  }

  say(text: string, tone: 'good' | 'bad' | 'busy', ...ways: readonly Way[]): void {
    this.root.dataset['tone'] = tone;
    this.#text.textContent = text;
    this.#more.replaceChildren(...ways.map(button));
  }

  /** Adds what belongs to it and is longer than a sentence. */
  add(...nodes: HTMLElement[]): void {
    this.#more.prepend(...nodes);
  }

  clear(): void {
    delete this.root.dataset['tone'];
    this.#text.textContent = '';
    this.#more.replaceChildren();
  }

  focus(): void {
    this.#text.focus();
  }

  /** No answer came: it can be repeated without being done twice. */
  lost(again: () => void): void {
    this.say(this.words('lost'), 'bad', { label: this.words('tryAgain'), name: 'again', run: again });
  }
}

function button({ label, name, run }: Way): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'plain', 'data-way': name }, label);
  made.addEventListener('click', run);
  return made;
}
