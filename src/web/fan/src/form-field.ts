import { element, setAttribute, setText } from './dom.js';

let fields = 0;

/** A field with its label, a hint, what is wrong with it, and what became of it. */
export class FormField {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  readonly #problem: HTMLElement;
  readonly #message = element('p', { class: 'message', role: 'status' });
  readonly #hintId: string;
  readonly #problemId: string;

  constructor(label: string, hint: string, attributes: Record<string, string | number>, ...buttons: HTMLElement[]) {
    const id = `field-${++fields}`;
    this.#hintId = `${id}-hint`;
    this.#problemId = `${id}-problem`;
    this.input = element('input', { id, 'aria-describedby': this.#hintId, ...attributes });
    this.#problem = element('p', { class: 'problem', id: this.#problemId, role: 'alert' });
    this.root = element(
      'form',
      { novalidate: true },
      element('label', { for: id }, label),
      this.input,
      this.#problem,
      element('p', { class: 'hint', id: this.#hintId }, hint),
      element('div', { class: 'foot' }, ...buttons, this.#message),
    );
  }

  /** Calls when the fan sends it. */
  onSubmit(submitted: () => void): void {
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      submitted();
    });
  }

  /** It went well, or is under way. */
  say(text: string): void {
    this.#mark(undefined);
    setText(this.#message, text);
  }

  /** It has to be mended: goes to where that can be done. */
  refuse(text: string): void {
    setText(this.#message, '');
    this.#mark(text);
    this.input.focus();
  }

  #mark(problem: string | undefined): void {
    setText(this.#problem, problem ?? '');
    setAttribute(this.input, 'aria-invalid', problem === undefined ? undefined : 'true');
    setAttribute(this.input, 'aria-describedby', problem === undefined ? this.#hintId : `${this.#problemId} ${this.#hintId}`);
  }
}
