import { element } from '../../fan/src/dom.js';
import { newId, type Field, type Refusal } from './field.js';
import { ProblemLine } from './problem-line.js';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** What a control is called, and what else there is to know before filling it in. */
export interface Caption {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What stands behind the control: the unit of a number. */
  readonly unit?: string | undefined;
}

/** One control with its label, its hint and its problem. */
abstract class ControlField<T, C extends Control = Control> implements Field<T> {
  readonly root: HTMLElement;
  readonly #problem: ProblemLine;

  constructor(
    readonly control: C,
    { label, hint, unit }: Caption,
    layout: 'above' | 'beside' = 'above',
  ) {
    control.id = newId();
    const name = element('label', { for: control.id }, label);
    const after = hint === undefined ? undefined : element('p', { class: 'hint', id: newId() }, hint);
    this.#problem = new ProblemLine(control, after?.id);
    const filled = unit === undefined ? control : element('span', { class: 'with-unit' }, control, element('span', { 'aria-hidden': 'true' }, unit));
    if (unit !== undefined) name.append(element('span', { class: 'unseen' }, `, ${unit}`));
    this.root = element('div', { class: `field ${layout}` }, ...(layout === 'above' ? [name, filled] : [filled, name]), ...(after === undefined ? [] : [after]), this.#problem.root);
  }

  abstract read(): T;
  abstract write(value: T): void;

  refuse(_path: readonly string[], text: Refusal): void {
    this.#problem.say(text);
  }

  clear(): void {
    this.#problem.clear();
  }

  languages(): void {
    return;
  }
}

type InputKind = 'text' | 'number' | 'moment' | 'address' | 'id';

// Numbers are written as text: what is no number is then told as such, and a wheel that turns does not change one.
const attributesOf: Record<InputKind, Record<string, string | number>> = {
  text: { type: 'text' },
  number: { type: 'text', inputmode: 'decimal', class: 'short', autocomplete: 'off' },
  moment: { type: 'datetime-local', step: 1 },
  address: { type: 'url', inputmode: 'url', placeholder: 'https://' },
  id: { type: 'text', autocapitalize: 'none', autocomplete: 'off', spellcheck: 'false' },
};

/** A line to write in. */
export class LineField extends ControlField<string, HTMLInputElement> {
  constructor(caption: Caption, kind: InputKind = 'text', name?: string) {
    super(element('input', { ...attributesOf[kind], name }), caption);
  }

  read(): string {
    return this.control.value;
  }

  write(value: string): void {
    this.control.value = value;
  }
}

/** One of several. */
export class ChoiceField extends ControlField<string, HTMLSelectElement> {
  constructor(caption: Caption, choices: readonly (readonly [value: string, label: string])[], name?: string) {
    super(element('select', { name }, ...choices.map(([value, label]) => element('option', { value }, label))), caption);
  }

  read(): string {
    return this.control.value;
  }

  write(value: string): void {
    this.control.value = value;
  }
}

/** Yes or no. */
export class SwitchField extends ControlField<boolean, HTMLInputElement> {
  constructor(caption: Caption, name?: string) {
    super(element('input', { type: 'checkbox', name }), caption, 'beside');
  }

  read(): boolean {
    return this.control.checked;
  }

  write(value: boolean): void {
    this.control.checked = value;
  }
}

/** Carries a value that is not for editors to see: the id of what a row shows. */
export class HeldField<T> implements Field<T> {
  readonly root = element('div', { hidden: true });
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  read(): T {
    return this.#value;
  }

  write(value: T): void {
    this.#value = value;
  }

  refuse(): void {
    return;
  }

  clear(): void {
    return;
  }

  languages(): void {
    return;
  }
}
