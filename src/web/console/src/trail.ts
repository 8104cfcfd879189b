import { element } from '../../fan/src/dom.js';
import type { Context } from './context.js';
import { textFor } from './locales.js';
import type { Place } from './place.js';
import type { Channel } from './types.js';

/** The way from the list of channels to where the editor is, each step a link. */
export function showTrail(nav: HTMLElement, place: Place, channel: Channel | undefined, context: Context): void {
  const steps: HTMLElement[] = [];
  if (place.view !== 'channels') steps.push(element('a', { href: context.href({ view: 'channels' }) }, context.words('channels')));
  if ('channel' in place && place.view !== 'channel') {
    const { text, lang } = channel === undefined ? { text: place.channel, lang: undefined } : textFor(channel.title, channel.defaultLocale, channel.defaultLocale);
    steps.push(element('a', { href: context.href({ view: 'channel', channel: place.channel }), lang }, text));
  }

  nav.hidden = steps.length === 0;
  nav.replaceChildren(element('ol', {}, ...steps.map((step) => element('li', {}, step))));
}
