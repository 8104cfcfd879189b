import { element, setLanguage } from '../../fan/src/dom.js';
import { directionOf } from '../../fan/src/format.js';
import { newId } from './field.js';
import { textFor } from './locales.js';
import { ProblemLine } from './problem-line.js';
import type { Option } from './types.js';
import type { Words } from './words.js';

/** Asks which outcomes came true: any, all, or none of them, which has to be said too. */
export class SettleForm {
  readonly root: HTMLFormElement;
  readonly #none = element('input', { type: 'checkbox', id: newId(), value: '', name: 'none' });
  readonly #boxes: HTMLInputElement[];
  readonly #problem: ProblemLine;

  constructor(words: Words, options: readonly Option[], standard: string, settle: (correct: string[]) => void, leave: () => void) {
    const rows = options.map((option) => {
      const { text, lang } = textFor(option.label, standard, standard);
      const label = element('span', {}, text);
      setLanguage(label, lang, directionOf(lang));
      return element('label', { class: 'tick' }, element('input', { type: 'checkbox', name: 'correct', value: option.id }), label);
    });
    this.#boxes = rows.map((row) => row.querySelector('input')!);
    const none = element('label', { class: 'tick' }, this.#none, words('noneTrue'));
    const fields = element('fieldset', { class: 'field' }, element('legend', {}, words('choose')), element('p', { class: 'hint' }, words('chooseHint')), ...rows, none);
    this.#problem = new ProblemLine(fields);
    fields.append(this.#problem.root);
    const go = element('button', { type: 'submit', 'data-action': 'settle' }, words('settleNow'));
    const back = element('button', { type: 'button', class: 'plain', 'data-action': 'not-settle' }, words('notSettle'));
    back.addEventListener('click', leave);
    this.root = element('form', { class: 'panel', 'data-settle': '', novalidate: true }, fields, element('div', { class: 'buttons' }, go, back));
    this.root.addEventListener('change', (event) => this.#exclude(event.target));
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      const correct = this.#boxes.filter((box) => box.checked).map((box) => box.value);
      this.#problem.clear();
      if (correct.length > 0 || this.#none.checked) return settle(correct);
      this.#problem.say({ text: words('chooseFirst') });
      this.focus();
    });
  }

  focus(): void {
    (this.#boxes[0] ?? this.#none).focus();
  }

  disable(on: boolean): void {
    for (const button of this.root.querySelectorAll('button')) button.disabled = on;
  }

  #exclude(changed: EventTarget | null): void {
    if (changed === this.#none && this.#none.checked) for (const box of this.#boxes) box.checked = false;
    else if (this.#boxes.some((box) => box.checked)) this.#none.checked = false;
  }
}
