import type { AnnouncementItem } from '@fanhub/client';
import type { CardContext } from './card-context.js';
import { element, ofUnknownLanguage, replaceContents, setAttribute, setLanguage, setText } from './dom.js';
import { directionOf } from './format.js';
import { safeAddress } from './safe-address.js';

/** One announcement: how urgent it is, in words as well, what it says, and where it leads. */
export class AnnouncementCard {
  readonly root: HTMLElement;
  readonly #icon = element('span', { class: 'icon', 'aria-hidden': 'true' });
  readonly #severity = element('span');
  readonly #time = element('span', { class: 'timer' });
  readonly #title = element('h2', { tabindex: -1 });
  readonly #text = element('p', { class: 'text', ...ofUnknownLanguage });
  readonly #link = element('p', { hidden: true });
  readonly #picture = element('div', { class: 'picture', hidden: true });
  #shown = '';

  constructor(
    private readonly context: CardContext,
    item: AnnouncementItem,
    private readonly page: string,
  ) {
    const badge = element('span', { class: 'badge' }, this.#icon, ' ', this.#severity);
    const body = element('div', { class: 'body' }, element('p', { class: 'state' }, badge, ' ', this.#time), this.#title, this.#text, this.#link);
    this.root = element('article', { class: 'announcement', 'data-announcement': item.id }, body, this.#picture);
  }

  /** Shows it as it now is. @param at when it was made, ISO 8601. */
  update(item: AnnouncementItem, at: string): void {
    const shown = JSON.stringify([item, at]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { words, formats } = this.context;
    const lang = item.lang ?? words.lang;
    const breaking = item.severity === 'breaking';
    setAttribute(this.root, 'data-severity', item.severity);
    setText(this.#icon, breaking ? '⚠' : 'ℹ');
    setText(this.#severity, words(breaking ? 'breaking' : 'info'));
    const ms = Date.parse(at);
    setText(this.#time, Number.isNaN(ms) ? '' : formats.time(ms));
    setText(this.#title, item.title);
    setText(this.#text, item.text ?? '');
    this.#text.hidden = item.text === undefined;
    setLanguage(this.#title, lang, directionOf(lang));
    this.#showLink(item);
    this.#showPicture(item.image);
  }

  render(): void {
    return;
  }

  tick(): void {
    return;
  }

  /** Where it leads is a link only where it is safe to be one; else it is not shown, for its text says nothing to a reader. */
  #showLink({ link, title, lang }: AnnouncementItem): void {
    const { words } = this.context;
    const to = safeAddress(link, this.page);
    this.#link.hidden = to === undefined;
    if (to === undefined) return replaceContents(this.#link, []);
    const about = element('span', { class: 'unseen' }, ': ', element('span', { lang: lang ?? words.lang }, title), ...(to.outside ? [` (${words('newTab')})`] : []));
    const outside = to.outside ? { target: '_blank', rel: 'noopener' } : {};
    replaceContents(this.#link, [element('a', { href: to.href, class: 'go', ...outside }, words('readMore'), about, ...(to.outside ? [element('span', { 'aria-hidden': 'true' }, ' ↗')] : []))]);
  }

  /** A picture adds nothing to what the text says: it has no text of its own. One that cannot be had leaves no gap. */
  #showPicture(image: string | undefined): void {
    const from = safeAddress(image, this.page);
    this.#picture.hidden = from === undefined;
    if (from === undefined) return this.#picture.replaceChildren();
    const picture = element('img', { src: from.href, alt: '', decoding: 'async', referrerpolicy: 'no-referrer' });
    picture.addEventListener('error', () => (this.#picture.hidden = true));
    this.#picture.replaceChildren(picture);
  }
}
