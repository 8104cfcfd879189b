import { element } from '../../fan/src/dom.js';
import { directionOf } from '../../fan/src/format.js';
import { newId, type Field, type Refusal } from './field.js';
import { languageName } from './locales.js';
import { ProblemLine } from './problem-line.js';
import type { Texts } from './types.js';

interface Line {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement | HTMLTextAreaElement;
  readonly problem: ProblemLine;
}

/** A text in several languages: a line for each. */
export class TextsField implements Field<Texts> {
  readonly root: HTMLFieldSetElement;
  readonly #caption = element('span');
  readonly #lines = element('div', { class: 'texts' });
  readonly #problem: ProblemLine;
  readonly #byTag = new Map<string, Line>();

  constructor(
    caption: string,
    /** The page's language, to name the others in. */
    private readonly reader: string,
    private readonly name: string,
    private readonly long = false,
  ) {
    this.root = element('fieldset', { class: 'field', 'data-field': name }, element('legend', {}, this.#caption), this.#lines);
    this.#problem = new ProblemLine(this.root);
    this.root.append(this.#problem.root);
    this.caption(caption);
  }

  /** Calls it something else: rows are numbered, and move. */
  caption(text: string): void {
    this.#caption.textContent = text;
  }

  languages(tags: readonly string[]): void {
    for (const tag of tags) if (!this.#byTag.has(tag.toLowerCase())) this.#byTag.set(tag.toLowerCase(), this.#line(tag));
    const wanted = new Set(tags.map((tag) => tag.toLowerCase()));
    // A language that is asked for no longer stays as long as something is said in it.
    const shown = [...this.#byTag].filter(([tag, line]) => wanted.has(tag) || line.input.value !== '').map(([, line]) => line.root);
    if (shown.length !== this.#lines.children.length || shown.some((line, i) => line !== this.#lines.children[i])) this.#lines.replaceChildren(...shown);
  }

  read(): Texts {
    return Object.fromEntries([...this.#byTag.values()].filter(({ input }) => input.value !== '').map(({ input }) => [input.lang, input.value]));
  }

  write(value: Texts): void {
    for (const tag of Object.keys(value)) if (!this.#byTag.has(tag.toLowerCase())) this.#byTag.set(tag.toLowerCase(), this.#line(tag));
    for (const [tag, { input }] of this.#byTag) input.value = Object.entries(value).find(([lang]) => lang.toLowerCase() === tag)?.[1] ?? '';
    this.languages([...this.#lines.querySelectorAll<HTMLInputElement>('[lang]')].map((input) => input.lang));
  }

  refuse([tag]: readonly string[], text: Refusal): void {
    // What is wrong with the text as a whole mostly is that a language is missing: the first empty line is where to go on.
    const line = tag === undefined ? [...this.#byTag.values()].find(({ input }) => input.value === '' && input.isConnected) : this.#byTag.get(tag.toLowerCase());
    (line?.problem ?? this.#problem).say(text);
  }

  clear(): void {
    this.#problem.clear();
    for (const { problem } of this.#byTag.values()) problem.clear();
  }

  #line(tag: string): Line {
    const attributes = { id: newId(), lang: tag, dir: directionOf(tag), name: `${this.name}.${tag}` };
    const input = this.long ? element('textarea', { ...attributes, rows: 3 }) : element('input', { ...attributes, type: 'text' });
    const problem = new ProblemLine(input);
    const label = element('label', { for: input.id }, languageName(tag, this.reader));
    return { input, problem, root: element('div', { class: 'text' }, label, input, problem.root) };
  }
}
