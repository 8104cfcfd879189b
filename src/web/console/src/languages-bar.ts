import { element } from '../../fan/src/dom.js';
import { LineField } from './controls.js';
import { cleanTag, distinct, languageName } from './locales.js';
import type { Words } from './words.js';

/** Which languages texts are written in, and a way to add another one. */
export class LanguagesBar {
  readonly root: HTMLElement;
  readonly #names = element('span');
  readonly #other: LineField;
  #tags: string[];

  constructor(
    private readonly words: Words,
    tags: readonly string[],
    private readonly changed: (tags: readonly string[]) => void,
  ) {
    this.#tags = [...tags];
    this.#other = new LineField({ label: words('addLanguage'), hint: words('addLanguageHint') }, 'id', 'addLanguage');
    this.#other.control.classList.add('short');
    const add = element('button', { type: 'button', class: 'plain', 'data-action': 'add-language' }, words('add'));
    add.addEventListener('click', () => this.#add());
    // Enter would save the form; here it adds the language.
    this.#other.control.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      this.#add();
    });
    this.root = element('details', { class: 'languages' }, element('summary', {}, this.#names), element('div', { class: 'add-language' }, this.#other.root, add));
    this.#show();
  }

  get tags(): readonly string[] {
    return this.#tags;
  }

  #add(): void {
    const tag = cleanTag(this.#other.read());
    this.#other.clear();
    if (tag === undefined) {
      this.#other.refuse([], { text: this.words('wrongTag') });
      this.#other.control.focus();
      return;
    }

    this.#tags = distinct([...this.#tags, tag]);
    this.#other.write('');
    this.#show();
    this.changed(this.#tags);
    this.#other.control.focus();
  }

  #show(): void {
    this.#names.textContent = this.words('textsIn', { names: this.#tags.map((tag) => languageName(tag, this.words.lang)).join(', ') });
  }
}
