import { element, setAttribute, setText } from './dom.js';
import { directionOf, type Formats } from './format.js';

/** One answer of a poll: its control, its text, and its part of the count. */
export class OptionRow {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  readonly #label: HTMLElement;
  readonly #notes: HTMLElement;
  readonly #share = element('span', { class: 'share' });
  readonly #count = element('span', { class: 'count', 'data-count': '' });
  readonly #fill = element('span', { class: 'fill' });

  constructor(id: string, group: string, index: number, several: boolean) {
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
    this.root = element('label', { class: 'option', 'data-option': id }, this.input, this.#label, this.#notes, figures, bar);
  }

  label(text: string, lang: string): void {
    setText(this.#label, text);
    setAttribute(this.#label, 'lang', lang);
    // The whole row, so that the control stands before the text and the bar grows the way it is read.
    setAttribute(this.root, 'dir', directionOf(lang));
  }

  /** Whether it is the fan's own choice, and whether it came first; `notes` says so in words, with the figures. */
  mark(own: boolean, first: boolean, notes: string): void {
    setAttribute(this.root, 'data-own', own ? '' : undefined);
    setAttribute(this.root, 'data-first', first ? '' : undefined);
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
