import { element } from '../../fan/src/dom.js';
import { newId } from './field.js';
import { ProblemLine } from './problem-line.js';
import type { Words } from './words.js';

/** Asks for a key, and goes on once the server has said that it is good. */
export class SignIn {
  readonly root: HTMLFormElement;
  readonly #input = element('input', { type: 'password', id: newId(), name: 'key', autocomplete: 'current-password', autocapitalize: 'none', spellcheck: 'false', required: true });
  readonly #button: HTMLButtonElement;
  readonly #problem: ProblemLine;

  constructor(
    private readonly words: Words,
    private readonly accepts: (key: string) => Promise<boolean>,
    private readonly done: (key: string) => void,
  ) {
    const hint = element('p', { class: 'hint', id: newId() }, words('keyHint'));
    this.#problem = new ProblemLine(this.#input, hint.id);
    const show = element('input', { type: 'checkbox', name: 'show' });
    show.addEventListener('change', () => (this.#input.type = show.checked ? 'text' : 'password'));
    this.#button = element('button', { type: 'submit', 'data-action': 'sign-in' }, words('signIn'));
    // Password managers file a key under a name.
    const name = element('input', { type: 'text', name: 'username', value: 'editor', autocomplete: 'username', hidden: true, tabindex: -1 });
    const field = element('div', { class: 'field' }, element('label', { for: this.#input.id }, words('key')), this.#input, hint, this.#problem.root);
    this.root = element('form', { class: 'sign-in', novalidate: true }, name, field, element('label', { class: 'tick' }, show, words('showKey')), this.#button);
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  focus(): void {
    this.#input.focus();
  }

  async #submit(): Promise<void> {
    const { words } = this;
    const key = this.#input.value.trim();
    this.#problem.clear();
    if (key === '') return this.#refuse(words('keyNeeded'));
    this.#button.disabled = true;
    this.#button.textContent = words('checking');
    try {
      // What no header can carry is no key.
      const good = /^[\x21-\x7e]+$/.test(key) && (await this.accepts(key));
      if (good) return this.done(key);
      this.#refuse(words('keyRefused'));
    } catch {
      this.#refuse(words('lostHere'));
    } finally {
      this.#button.disabled = false;
      this.#button.textContent = words('signIn');
    }
  }

  #refuse(text: string): void {
    this.#problem.say({ text });
    this.focus();
  }
}
