import { element } from '../../fan/src/dom.js';
import type { Field, Refusal } from './field.js';
import { ProblemLine } from './problem-line.js';
import type { Words } from './words.js';

/** A field that knows the number of its row, from 1, and what to call itself by it. */
export interface RowField<T> extends Field<T> {
  number(n: number): void;
}

interface Row<T> {
  readonly field: RowField<T>;
  readonly root: HTMLLIElement;
  readonly up: HTMLButtonElement;
  readonly down: HTMLButtonElement;
  readonly remove: HTMLButtonElement;
}

export interface RowsOptions<T> {
  readonly words: Words;
  readonly name: string;
  readonly caption: string;
  readonly least: number;
  readonly make: () => RowField<T>;
  readonly blank: () => T;
  /** What a row is called, by its number. */
  readonly called: (n: string) => string;
  readonly add: string;
  /** Says to screen readers where a row went. */
  readonly announce: (text: string) => void;
}

/** A list whose rows are added, removed and moved, all of it by keyboard too. */
export class RowsField<T> implements Field<T[]> {
  readonly root: HTMLFieldSetElement;
  readonly #list = element('ol', { class: 'rows' });
  readonly #problem: ProblemLine;
  #rows: Row<T>[] = [];
  #languages: readonly string[] = [];

  constructor(private readonly options: RowsOptions<T>) {
    const add = element('button', { type: 'button', class: 'plain', 'data-add': options.name }, options.add);
    add.addEventListener('click', () => this.#add());
    this.root = element('fieldset', { class: 'field', 'data-rows': options.name }, element('legend', {}, options.caption), this.#list, add);
    this.#problem = new ProblemLine(this.root);
    add.before(this.#problem.root);
  }

  read(): T[] {
    return this.#rows.map((row) => row.field.read());
  }

  write(values: T[]): void {
    this.#rows = values.map((value) => this.#row(value));
    this.#arrange();
  }

  refuse([index, ...rest]: readonly string[], text: Refusal): void {
    const row = index === undefined ? undefined : this.#rows[Number(index)];
    if (row === undefined) this.#problem.say(text);
    else row.field.refuse(rest, text);
  }

  clear(): void {
    this.#problem.clear();
    for (const row of this.#rows) row.field.clear();
  }

  languages(tags: readonly string[]): void {
    this.#languages = tags;
    for (const row of this.#rows) row.field.languages(tags);
  }

  #row(value: T): Row<T> {
    const { words } = this.options;
    const field = this.options.make();
    field.languages(this.#languages);
    field.write(value);
    const button = (act: string, sign: string, run: () => void): HTMLButtonElement => {
      const made = element('button', { type: 'button', class: 'plain small', 'data-row': act }, sign);
      made.addEventListener('click', run);
      return made;
    };
    const row: Row<T> = {
      field,
      up: button('up', '↑', () => this.#move(row, -1)),
      down: button('down', '↓', () => this.#move(row, 1)),
      remove: button('remove', `✕ ${words('remove')}`, () => this.#remove(row)),
      root: element('li'),
    };
    row.root.append(field.root, element('div', { class: 'row-buttons' }, row.up, row.down, row.remove));
    return row;
  }

  #add(): void {
    const row = this.#row(this.options.blank());
    this.#rows.push(row);
    this.#arrange();
    row.root.querySelector<HTMLElement>('input, textarea')?.focus();
  }

  #move(row: Row<T>, by: -1 | 1): void {
    const from = this.#rows.indexOf(row);
    this.#rows.splice(from, 1);
    this.#rows.splice(from + by, 0, row);
    this.#arrange();
    const [same, opposite] = by < 0 ? [row.up, row.down] : [row.down, row.up];
    (same.disabled ? opposite : same).focus();
    this.options.announce(this.options.words('movedTo', { n: String(from + by + 1), of: String(this.#rows.length) }));
    this.#changed();
  }

  #remove(row: Row<T>): void {
    const at = this.#rows.indexOf(row);
    this.#rows.splice(at, 1);
    this.#arrange();
    const next = this.#rows[Math.min(at, this.#rows.length - 1)];
    const target = next === undefined || next.remove.disabled ? this.root.querySelector<HTMLElement>(`:scope > [data-add]`) : next.remove;
    target?.focus();
    this.options.announce(this.options.words('removed', { what: this.options.called(String(at + 1)) }));
    this.#changed();
  }

  /** Puts the rows on the page in their order, and calls each by its number. */
  #arrange(): void {
    this.#list.replaceChildren(...this.#rows.map((row) => row.root));
    this.#rows.forEach((row, i) => {
      const what = this.options.called(String(i + 1));
      row.field.number(i + 1);
      row.up.disabled = i === 0;
      row.down.disabled = i === this.#rows.length - 1;
      row.remove.disabled = this.#rows.length <= this.options.least;
      name(row.up, this.options.words('moveUp', { what }));
      name(row.down, this.options.words('moveDown', { what }));
      name(row.remove, this.options.words('removeWhat', { what }));
    });
  }

  /** Rows that come, go and move are changes like those that are written. */
  #changed(): void {
    this.root.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

function name(button: HTMLButtonElement, text: string): void {
  button.setAttribute('aria-label', text);
  button.title = text;
}
