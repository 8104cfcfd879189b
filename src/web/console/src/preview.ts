import { element, setLanguage } from '../../fan/src/dom.js';
import { directionOf } from '../../fan/src/format.js';
import { languageName, textFor } from './locales.js';
import type { Texts } from './types.js';
import type { Words } from './words.js';

interface Asked {
  readonly options?: readonly { readonly label?: Texts }[];
  readonly maxChoices?: number;
}

/** As much of an item as fans see, from a draft or from a form that is being written. */
export interface Previewed extends Asked {
  readonly title?: Texts;
  readonly text?: Texts;
  readonly link?: string;
  readonly image?: string;
  readonly severity?: string;
  readonly points?: number;
  readonly questions?: readonly (Asked & { readonly text?: Texts; readonly explanation?: Texts; readonly seconds?: number })[];
}

/** Shows what fans of a language will see. */
export class Preview {
  readonly root: HTMLElement;
  readonly #select = element('select', { name: 'previewLanguage' });
  readonly #card = element('div', { class: 'preview', 'data-preview': '' });
  readonly #note = element('p', { class: 'hint', role: 'status' });
  #standard = '';
  #instead = false;
  #item: Previewed = {};

  constructor(private readonly words: Words) {
    const label = element('label', {}, `${words('previewIn')} `, this.#select);
    this.root = element('section', { class: 'panel' }, element('h2', {}, words('preview')), label, this.#card, this.#note);
    this.#select.addEventListener('change', () => this.#render());
    // Choosing a language to look at is no change to what is written.
    this.#select.addEventListener('input', (event) => event.stopPropagation());
  }

  show(item: Previewed, languages: readonly string[], standard: string): void {
    this.#item = item;
    this.#standard = standard;
    const chosen = languages.includes(this.#select.value) ? this.#select.value : standard;
    const offered = [...this.#select.options].map((option) => option.value).join();
    if (offered !== languages.join()) this.#select.replaceChildren(...languages.map((tag) => element('option', { value: tag }, languageName(tag, this.words.lang))));
    this.#select.value = chosen;
    this.#render();
  }

  #render(): void {
    const { words } = this;
    const item = this.#item;
    this.#instead = false;
    const parts: HTMLElement[] = [];
    if (item.severity === 'breaking') parts.push(element('p', { class: 'badge' }, words('severity_breaking')));
    parts.push(this.#text('h3', item.title));
    if (item.questions === undefined) parts.push(...this.#asked(item));
    if (item.points !== undefined) parts.push(element('p', { class: 'hint' }, words('worth', { n: String(item.points) })));
    if (item.text !== undefined) parts.push(this.#text('p', item.text));
    if (item.image?.startsWith('https://') === true) parts.push(element('img', { src: item.image, alt: '', loading: 'lazy', referrerpolicy: 'no-referrer' }));
    if (item.link !== undefined) parts.push(element('p', { class: 'link' }, item.link));
    item.questions?.forEach((question, i) => parts.push(this.#question(question, i + 1, item.questions!.length)));
    if (item.questions !== undefined) parts.push(element('p', { class: 'hint' }, words('previewLate')));
    this.#card.replaceChildren(...parts);
    this.#card.dir = directionOf(this.#select.value);
    this.#note.textContent = this.#instead ? words('instead') : '';
  }

  #question(question: NonNullable<Previewed['questions']>[number], n: number, of: number): HTMLElement {
    const { words } = this;
    const time = question.seconds === undefined ? [] : [element('p', { class: 'hint' }, words('withinSeconds', { n: String(question.seconds) }))];
    const explanation = question.explanation === undefined ? [] : [element('p', { class: 'hint' }, words('previewExplanation')), this.#text('p', question.explanation)];
    const number = element('p', { class: 'hint' }, words('questionOf', { n: String(n), of: String(of) }));
    return element('div', { class: 'preview-question' }, number, this.#text('h4', question.text), ...this.#asked(question), ...time, ...explanation);
  }

  #asked({ options, maxChoices = 1 }: Asked): HTMLElement[] {
    if (options === undefined) return [];
    const hint = maxChoices > 1 ? this.words('chooseSome', { n: String(maxChoices) }) : this.words('chooseOne');
    const list = element('ul', { class: maxChoices > 1 ? 'choices several' : 'choices' }, ...options.map((option) => this.#text('li', option.label)));
    return [element('p', { class: 'hint' }, hint), list];
  }

  #text<K extends 'h3' | 'h4' | 'p' | 'li'>(tag: K, texts: Texts | undefined): HTMLElement {
    const said = textFor(texts, this.#select.value, this.#standard);
    this.#instead ||= said.instead;
    const made = element(tag, {}, said.text === '' ? this.words('noText') : said.text);
    setLanguage(made, said.lang, directionOf(said.lang));
    return made;
  }
}
