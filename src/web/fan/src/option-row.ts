import { element, setAttribute, setLanguage, setText } from './dom.js';
import { directionOf, type Formats } from './format.js';
import type { Words } from './strings.js';

/** What an option is said to be. */
export interface Marks {
  /** Whether it is the fan's own choice. */
  readonly own: boolean;
  /** Whether it has the most votes, where that is what counts. */
  readonly first: boolean;
  /** Whether it turned out to be right; undefined while nobody says. */
  readonly correct: boolean | undefined;
  /** What can be seen of all this, in words. */
  readonly tags: readonly string[];
  /** What is read out of it, with the figures. */
  readonly notes: string;
}

/** One answer that can be chosen: its control, its text, what became of it, and its part of the count. */
export class OptionRow {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  readonly #label: HTMLElement;
  readonly #notes: HTMLElement;
  readonly #tags = element('span', { class: 'tags', 'aria-hidden': 'true', hidden: true });
  readonly #share = element('span', { class: 'share' });
  readonly #count = element('span', { class: 'count', 'data-count': '' });
  readonly #fill = element('span', { class: 'fill' });

  constructor(
    id: string,
    group: string,
    index: number,
    several: boolean,
    private readonly words: Words,
  ) {
    const name = `${group}-${index}`;
    this.#label = element('span', { class: 'label', id: `${name}-label` });
    this.#notes = element('span', { class: 'unseen', id: `${name}-notes` });
    const figures = element('span', { class: 'figures', 'aria-hidden': 'true' }, this.#share, ' ', this.#count);
    this.input = element('input', {
      type: several ? 'checkbox' : 'radio',
      name: group,
      value: id,
      'aria-labelledby': `${name}-label`,
      'aria-describedby': `${name}-notes`,
    });
    const bar = element('span', { class: 'bar', 'aria-hidden': 'true' }, this.#fill);
    this.root = element('label', { class: 'option', 'data-option': id }, this.input, this.#label, this.#notes, figures, this.#tags, bar);
  }

  label(text: string, lang: string): void {
    setText(this.#label, text);
    setAttribute(this.#label, 'lang', lang);
    // The whole row, so that the control stands before the text and the bar grows the way it is read.
    setAttribute(this.root, 'dir', directionOf(lang));
    setLanguage(this.#tags, this.words.lang, directionOf(this.words.lang));
    setAttribute(this.#notes, 'lang', this.words.lang);
  }

  /** What it is said to be: never by colour alone. */
  mark({ own, first, correct, tags, notes }: Marks): void {
    setAttribute(this.root, 'data-own', own ? '' : undefined);
    setAttribute(this.root, 'data-first', first ? '' : undefined);
    setAttribute(this.root, 'data-correct', correct === undefined ? undefined : String(correct));
    this.#tags.hidden = tags.length === 0;
    setText(this.#tags, tags.join(' · '));
    setText(this.#notes, notes);
  }

  /** The option's part of the count; undefined while it may not be seen. */
  figures(part: { count: number; share: number } | undefined, formats: Formats): void {
    setAttribute(this.#count, 'data-count', part === undefined ? '' : String(part.count));
    setText(this.#count, part === undefined ? '' : formats.count(part.count));
    setText(this.#share, part === undefined ? '' : formats.share(part.share));
    this.#fill.style.setProperty('--share', String(part?.share ?? 0));
  }
}
