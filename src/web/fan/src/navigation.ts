import { element, setAttribute, setText } from './dom.js';
import type { Favourites } from './favourites.js';
import { LinkRow } from './link-row.js';
import { addressOf, inChannelName, type Place } from './place.js';
import type { Words } from './strings.js';

/** The way to the schedule, the medals, and whatever the fan follows; and the star that makes the page's sport or country one of these. */
export class Navigation {
  readonly root: HTMLElement;
  readonly star = element('button', { type: 'button', class: 'star', hidden: true });
  readonly #glyph = element('span', { 'aria-hidden': 'true' });
  readonly #label = element('span');
  readonly #links: LinkRow;
  #place: Place | undefined;
  #hasResults = false;

  constructor(
    private readonly words: Words,
    private readonly favourites: Favourites,
  ) {
    this.#links = new LinkRow(words('places'), 'chips places');
    this.root = this.#links.root;
    this.star.append(this.#glyph, ' ', this.#label);
    this.star.addEventListener('click', () => this.#toggle());
  }

  /** @param hasResults whether a channel of another kind has results in it: one of polls alone needs no way to them. */
  show(place: Place, hasResults: boolean): void {
    this.#place = place;
    this.#hasResults = hasResults;
    const { words, favourites } = this;
    const stars = favourites.list.map(({ kind, code }) => ({
      href: addressOf(place, kind, code),
      text: `★ ${code}`,
      current: place.kind === kind && inChannelName(place.code) === inChannelName(code),
    }));
    const views = (['schedule', 'medals'] as const).map((view) => ({ href: addressOf(place, view), text: words(view), current: place.kind === view }));
    this.#links.show(place.kind !== 'channel' || hasResults || stars.length > 0 ? [...views, ...stars] : []);
    this.#showStar(place);
  }

  #showStar(place: Place): void {
    const may = place.kind === 'sport' || place.kind === 'country';
    this.star.hidden = !may;
    if (!may) return;
    const on = this.favourites.has(place.kind, place.code);
    setAttribute(this.star, 'data-on', on ? '' : undefined);
    setAttribute(this.star, 'title', this.words('starHint'));
    setText(this.#glyph, on ? '★' : '☆');
    setText(this.#label, this.words(on ? 'starred' : 'star', { code: place.code }));
  }

  #toggle(): void {
    const place = this.#place;
    if (place?.kind !== 'sport' && place?.kind !== 'country') return;
    this.favourites.toggle(place.kind, place.code);
    this.show(place, this.#hasResults);
  }
}
