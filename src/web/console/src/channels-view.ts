import { element, setLanguage } from '../../fan/src/dom.js';
import { directionOf } from '../../fan/src/format.js';
import type { Context, View } from './context.js';
import { textFor } from './locales.js';
import type { Channel } from './types.js';

/** All channels, to choose one, and a way to make another. */
export class ChannelsView implements View {
  readonly root: HTMLElement;
  readonly title: string;

  constructor(context: Context, channels: readonly Channel[]) {
    const { words } = context;
    this.title = words('channels');
    const rows = channels.map((channel) => {
      const { text, lang } = textFor(channel.title, channel.defaultLocale, channel.defaultLocale);
      const link = element('a', { href: context.href({ view: 'channel', channel: channel.id }) }, text);
      setLanguage(link, lang, directionOf(lang));
      return element('li', { 'data-channel': channel.id }, link, element('span', { class: 'hint' }, channel.id));
    });
    const list = rows.length === 0 ? element('p', {}, words('noChannels')) : element('ul', { class: 'list' }, ...rows);
    const make = element('a', { class: 'button', 'data-action': 'new-channel', href: context.href({ view: 'new-channel' }) }, words('newChannel'));
    this.root = element('section', { 'data-view': 'channels' }, element('h1', { tabindex: -1 }, this.title), element('div', { class: 'buttons' }, make), list);
  }
}
