import { createFanHub, type FanHub, type KeyValueStore } from '@fanhub/client';
import { Announcer } from './announcer.js';
import { channelForm } from './channel-form.js';
import { ChannelPage, type PageContext } from './channel-page.js';
import { element, setText } from './dom.js';
import { Me } from './me.js';
import { MoreTimes } from './more-times.js';
import { Favourites } from './favourites.js';
import { cleanLocale, Formats } from './format.js';
import { Navigation } from './navigation.js';
import { OwnBallots } from './own-ballots.js';
import { readPlace, withChoice, type Place } from './place.js';
import { Standings } from './standings.js';
import { showStatus } from './status-badge.js';
import { StreamDelay } from './stream-delay.js';
import { pageLanguages, wordsFor } from './strings.js';
import { YouPanel } from './you-panel.js';

const part = (id: string): HTMLElement => document.getElementById(id)!;
const asked = (): URLSearchParams => new URLSearchParams(location.search);
const locale = cleanLocale(asked().get('locale'));
const words = wordsFor(locale === undefined ? navigator.languages : [locale]);
const formats = new Formats(locale ?? words.lang);
const announcer = new Announcer((text) => setText(part('news'), text));
const device = deviceStorage();
const navigation = new Navigation(words, new Favourites(device));
const delay = new StreamDelay(device, asked().get('delay'));
const main = part('main');

let context: PageContext | undefined;
let page: ChannelPage | undefined;
let place: Place | undefined;

document.documentElement.lang = words.lang;
part('places').replaceWith(navigation.root);
part('status').before(navigation.star);
go(readPlace(asked()));
window.addEventListener('popstate', () => go(readPlace(asked())));
document.addEventListener('click', follow);
// Four times a second, so that a countdown turns over within a quarter of one; texts that stay are not touched.
setInterval(() => page?.tick(), 250);

/** Shows a place; the connection stays, and so does the channel where only a choice on it differs. */
function go(to: Place): void {
  const from = place;
  place = to;
  showLanguages();
  if (page !== undefined && from?.channel === to.channel && from.kind === to.kind) return page.choose(to);

  page?.close();
  page = undefined;
  const name = nameOf(to);
  document.title = titled(name);
  setText(part('title'), to.kind === 'channel' || name === '' ? words('title') : name);
  setText(part('channel'), to.kind === 'channel' || to.prefix !== '' ? to.channel : '');
  navigation.show(to, false);
  const show = (hasResults: boolean, title: string | undefined): void => {
    navigation.show(to, hasResults);
    if (to.kind === 'unit' && title !== undefined) document.title = titled(title);
  };
  main.replaceChildren();
  if (to.kind === 'home') main.append(channelForm(words, locale, '', undefined));
  else page = new ChannelPage((context ??= connect()), to, main, show);
}

function connect(): PageContext {
  const options = { url: new URL('.', location.href).href, delayMs: delay.ms };
  // Content comes in the language asked for, else in the browser's; where an item lacks it, in the item's own.
  const wanted = locale ?? cleanLocale(navigator.language);
  const hub: FanHub = createFanHub(wanted === undefined ? options : { ...options, locale: wanted });
  hub.onStatus(() => page?.render());
  showStatus(part('status'), hub, words);
  const changed = (): void => page?.render();
  const own = new OwnBallots(hub, changed);
  const me = new Me(hub, changed);
  const moreTimes = new MoreTimes(device);
  const standings = new Standings(hub, changed);
  const forget = async (): Promise<void> => {
    await hub.forgetMe();
    for (const known of [own, me, moreTimes, standings]) known.forget();
    page?.forget();
  };
  const you = new YouPanel({ words, formats, me, delay, delayed, forget });
  part('you').replaceWith(you.root);
  return { hub, own, me, moreTimes, standings, words, formats, announcer, alert };
}

/** What is set by hand holds from now on, and the address says nothing else. */
function delayed(): void {
  context?.hub.setDelay(delay.ms);
  history.replaceState(null, '', withChoice(asked(), 'delay', undefined));
  showLanguages();
}

/** Breaks into what is being read out. The same text twice is read twice. */
function alert(text: string): void {
  part('alert').replaceChildren(element('p', {}, text));
}

function titled(name: string): string {
  return name === '' ? words('title') : `${name} · ${words('title')}`;
}

function nameOf({ kind, code }: Place): string {
  if (kind === 'schedule' || kind === 'medals' || kind === 'unit') return words(kind);
  return kind === 'sport' || kind === 'country' ? words(kind, { code }) : code;
}

/** Links within the page change what it shows, without loading it again. A change of language does load it. */
function follow(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.('a');
  const href = link?.getAttribute('href');
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (!href?.startsWith('?') || link?.hasAttribute('hreflang')) return;
  event.preventDefault();
  if (href === location.search) return;
  const before = page;
  history.pushState(null, '', href);
  go(readPlace(asked()));
  if (page === before) return;
  window.scrollTo(0, 0);
  part('title').focus({ preventScroll: true });
}

function showLanguages(): void {
  const links = pageLanguages.map(({ tag, name }) =>
    element('a', { href: withChoice(asked(), 'locale', tag), lang: tag, hreflang: tag, 'aria-current': tag === words.lang ? 'true' : undefined }, name),
  );
  part('languages').replaceChildren(...links);
}

function deviceStorage(): KeyValueStore | undefined {
  try {
    return window.localStorage;
  } catch {
    // Forbidden by the browser's settings.
    return undefined;
  }
}
