import { createFanHub } from '@fanhub/client';
import { channelForm } from './channel-form.js';
import { element, setText } from './dom.js';
import { cleanLocale, Formats } from './format.js';
import { OwnBallots } from './own-ballots.js';
import { PollList } from './poll-list.js';
import { showStatus } from './status-badge.js';
import { pageLanguages, wordsFor, type Words } from './strings.js';

const asked = new URLSearchParams(location.search);
const channel = (asked.get('channel') ?? '').trim();
const locale = cleanLocale(asked.get('locale'));
const words = wordsFor(locale === undefined ? navigator.languages : [locale]);
const part = (id: string): HTMLElement => document.getElementById(id)!;

document.documentElement.lang = words.lang;
setText(part('title'), words('title'));
showLanguages(words);
if (channel === '') part('main').replaceChildren(channelForm(words, locale, '', undefined));
else follow(channel);

function showLanguages(words: Words): void {
  const links = pageLanguages.map(({ tag, name }) => {
    const target = new URLSearchParams(asked);
    target.set('locale', tag);
    return element('a', { href: `?${target}`, lang: tag, hreflang: tag, 'aria-current': tag === words.lang ? 'true' : undefined }, name);
  });
  part('languages').replaceChildren(...links);
}

function follow(name: string): void {
  document.title = `${name} · ${words('title')}`;
  setText(part('channel'), name);

  const options = { url: new URL('.', location.href).href };
  // Content comes in the language asked for, else in the browser's; where an item lacks it, in the item's own.
  const wanted = locale ?? cleanLocale(navigator.language);
  const hub = createFanHub(wanted === undefined ? options : { ...options, locale: wanted });
  const view = hub.follow(name);
  const polls = element('div', { class: 'polls' });
  const note = element('p', { class: 'note' });
  const main = part('main');
  const own = new OwnBallots(hub, () => list.render());
  const list = new PollList(polls, { hub, own, words, formats: new Formats(locale ?? words.lang) }, (text) => setText(part('news'), text));

  const show = (): void => {
    if (view.error !== undefined) {
      const unknown = view.error.code === 'not_found' || view.error.code === 'invalid';
      const problem = unknown ? words('noChannel', { name }) : words('refused', { text: view.error.message });
      main.replaceChildren(channelForm(words, locale, name, problem));
      return;
    }

    if (main.firstChild !== note) {
      // A form that is being filled in stays until there is something better to show.
      if (main.querySelector('form.ask') && view.state !== 'ready') return;
      main.replaceChildren(note, polls);
    }

    const count = list.show(view);
    setText(note, count > 0 ? '' : words(view.state === 'loading' ? 'loading' : 'empty'));
    note.hidden = count > 0;
  };

  view.onChange(show);
  hub.onStatus(() => list.render());
  showStatus(part('status'), hub, words);
  show();
  // Four times a second, so that a countdown turns over within a quarter of one; texts that stay are not touched.
  setInterval(() => list.tick(), 250);
}
