import { element, putInOrder, setAttribute, setLanguage, setText } from '../../fan/src/dom.js';
import { directionOf } from '../../fan/src/format.js';
import type { Context, View } from './context.js';
import { ApiFailure } from './failures.js';
import { textFor } from './locales.js';
import { newestFirst, type Fetched } from './merged.js';
import { Poller } from './poller.js';
import { ReactionsForm } from './reactions-form.js';
import { timeWords } from './time-words.js';
import { kinds, type Channel, type Item, type Kind } from './types.js';

const everyMs = 5_000;
const pageSize = 50;
const mostAtOnce = 200;

interface Row {
  readonly root: HTMLElement;
  readonly link: HTMLAnchorElement;
  readonly badge: HTMLElement;
  readonly time: HTMLElement;
  item: Item;
}

/** All that is in a channel, the newest first, and ways to add to it. */
export class ChannelView implements View {
  readonly root: HTMLElement;
  readonly title: string;
  readonly #list = element('ul', { class: 'list' });
  readonly #empty = element('p', {});
  readonly #older: HTMLButtonElement;
  readonly #poller: Poller;
  readonly #rows = new Map<string, Row>();
  readonly #reactions: ReactionsForm;
  #limit = pageSize;

  constructor(
    private readonly context: Context,
    private readonly channel: Channel,
  ) {
    const { words } = context;
    const { text, lang } = textFor(channel.title, channel.defaultLocale, channel.defaultLocale);
    this.title = text;
    const title = element('h1', { tabindex: -1 }, text);
    setLanguage(title, lang, directionOf(lang));
    const settings = element('a', { class: 'button plain', 'data-action': 'settings', href: context.href({ view: 'settings', channel: channel.id }) }, words('settings'));
    const make = kinds.map((kind) => element('a', { class: 'button plain', 'data-new': kind, href: context.href({ view: 'new', channel: channel.id, kind }) }, words(`new_${kind}`)));
    this.#older = element('button', { type: 'button', class: 'plain', 'data-action': 'older', hidden: true }, words('showOlder'));
    this.#older.addEventListener('click', () => {
      this.#limit = Math.min(mostAtOnce, this.#limit + pageSize);
      void this.#poller.now();
    });
    setText(this.#empty, words('loading'));
    this.#reactions = new ReactionsForm(context, channel);
    this.root = element(
      'section',
      { 'data-view': 'channel', 'data-channel': channel.id },
      title,
      element('nav', { class: 'make', 'aria-label': words('newItem') }, ...make),
      element('section', { class: 'stack' }, element('h2', {}, words('items')), this.#list, this.#empty, this.#older),
      this.#reactions.root,
      element('div', { class: 'buttons' }, settings),
    );
    this.#poller = new Poller(() => this.#look(), () => everyMs);
    void this.#poller.now();
    void context.clock.measure();
  }

  isDirty(): boolean {
    return this.#reactions.isDirty();
  }

  tick(): void {
    for (const { item, time } of this.#rows.values()) setText(time, timeWords(item, this.context));
  }

  close(): void {
    this.#poller.stop();
  }

  async #look(): Promise<void> {
    try {
      const { items, more } = newestFirst(await Promise.all(kinds.map((kind) => this.#fetch(kind))));
      this.#show(items);
      this.#older.hidden = !more || this.#limit === mostAtOnce;
      setText(this.#empty, items.length === 0 ? this.context.words('noItems') : more && this.#limit === mostAtOnce ? this.context.words('onlyNewest') : '');
    } catch {
      // The header says that there is no connection; the next look may succeed.
      return;
    }
  }

  async #fetch(kind: Kind): Promise<Fetched> {
    try {
      return await this.context.desk.list(kind, this.channel.id, this.#limit);
    } catch (failure) {
      // A server without this kind of thing has none of it.
      if (failure instanceof ApiFailure && failure.status === 404) return { items: [], more: false };
      throw failure;
    }
  }

  #show(items: readonly Item[]): void {
    const shown = items.map((item) => {
      const row = this.#rows.get(item.id) ?? this.#row(item);
      this.#update(row, item);
      return row.root;
    });
    const held = new Set(items.map((item) => item.id));
    for (const id of this.#rows.keys()) if (!held.has(id)) this.#rows.delete(id);
    putInOrder(this.#list, shown);
    this.tick();
  }

  #row(item: Item): Row {
    const link = element('a', { href: this.context.href({ view: 'item', channel: this.channel.id, kind: item.kind, id: item.id }) });
    const [badge, time] = [element('span', { class: 'badge' }), element('span', { class: 'time' })];
    const facts = element('p', { class: 'state' }, element('span', {}, this.context.words(`kind_${item.kind}`)), badge, time);
    const row: Row = { root: element('li', { 'data-kind': item.kind, 'data-id': item.id }, link, facts), link, badge, time, item };
    this.#rows.set(item.id, row);
    return row;
  }

  #update(row: Row, item: Item): void {
    const { text, lang } = textFor(item.title, this.channel.defaultLocale, this.channel.defaultLocale);
    row.item = item;
    setAttribute(row.root, 'data-state', item.state);
    setText(row.link, text);
    setLanguage(row.link, lang, directionOf(lang));
    setText(row.badge, this.context.words.of('state', item.kind, item.state));
  }
}
