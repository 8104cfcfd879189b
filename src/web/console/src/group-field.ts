import { element } from '../../fan/src/dom.js';
import type { Field, Refusal } from './field.js';
import { ProblemLine } from './problem-line.js';

export type Fields<T> = { [K in keyof T]: Field<T[K]> };

/** Several fields that make up one value. */
export class GroupField<T extends object> implements Field<T> {
  readonly #problem: ProblemLine;

  constructor(
    readonly root: HTMLElement,
    readonly fields: Fields<T>,
    /** Members of the body that a field of another name stands for. */
    private readonly standsFor: Readonly<Record<string, keyof T>> = {},
    /** Shows and hides what depends on what was chosen. */
    private readonly arrange: () => void = () => undefined,
  ) {
    this.#problem = new ProblemLine(root);
    this.root.append(this.#problem.root);
    this.root.addEventListener('input', () => this.arrange());
  }

  read(): T {
    return Object.fromEntries(this.#entries().map(([name, field]) => [name, field.read()])) as T;
  }

  write(value: T): void {
    for (const [name, field] of this.#entries()) field.write(value[name]);
    this.arrange();
  }

  refuse([name, ...rest]: readonly string[], text: Refusal): void {
    const field = name === undefined ? undefined : (this.fields[this.standsFor[name] ?? (name as keyof T)] as Field<unknown> | undefined);
    if (field !== undefined && !field.root.hidden) field.refuse(rest, text);
    else this.#problem.say(name === undefined ? text : { ...text, text: `${name}: ${text.text}` });
  }

  clear(): void {
    this.#problem.clear();
    for (const [, field] of this.#entries()) field.clear();
  }

  languages(tags: readonly string[]): void {
    for (const [, field] of this.#entries()) field.languages(tags);
  }

  #entries(): [keyof T, Field<T[keyof T]>][] {
    return Object.entries(this.fields) as [keyof T, Field<T[keyof T]>][];
  }
}

/** Fields next to one another, as many as there is room for. */
export function beside(...fields: readonly { readonly root: HTMLElement }[]): HTMLElement {
  return element('div', { class: 'side-by-side' }, ...fields.map((field) => field.root));
}
