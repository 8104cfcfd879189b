import { element, setText } from '../../fan/src/dom.js';
import { cleanLocale, Formats } from '../../fan/src/format.js';
import { Api } from './api.js';
import { Clock } from './clock.js';
import type { Context, View } from './context.js';
import { Desk } from './desk.js';
import { confirmIn, signInAgainIn } from './dialogs.js';
import { ownFanToken } from './fan-token.js';
import { EditorKey } from './key.js';
import { readPlace, hrefOf, type Place } from './place.js';
import { SignIn } from './sign-in.js';
import { showTrail } from './trail.js';
import { openView } from './views.js';
import { pageLanguages, wordsFor } from './words.js';

const part = (id: string): HTMLElement => document.getElementById(id)!;
const asked = (): URLSearchParams => new URLSearchParams(location.search);
const locale = cleanLocale(asked().get('locale'));
const words = wordsFor(locale === undefined ? navigator.languages : [locale]);
const site = new URL('..', location.href).href;
const main = part('main');
const key = new EditorKey(storage(() => sessionStorage));
const api = new Api(new URL('api/v1/admin/', site).href, key, askForKey, (reached) => showReach(reached));
const desk = new Desk(api);
const context: Context = {
  desk,
  clock: new Clock(() => desk.now()),
  words,
  formats: new Formats(locale ?? words.lang),
  href: (place) => hrefOf(place, locale),
  go: (place) => void visit(hrefOf(place, locale)),
  confirm: (doubt) => confirmIn(document.body, words, doubt),
  announce: (text) => setText(part('news'), text),
};

let view: View | undefined;
let shown = location.search;
let opening = 0;
let asking: Promise<boolean> | undefined;

document.documentElement.lang = words.lang;
setText(part('brand'), `FanHub · ${words('console')}`);
part('trail').setAttribute('aria-label', words('trail'));
const out = part('sign-out');
setText(out, words('signOut'));
out.addEventListener('click', () => void signOut());
document.addEventListener('click', follow);
window.addEventListener('popstate', () => void comeBack());
window.addEventListener('beforeunload', (event) => {
  if (view?.isDirty?.() === true) event.preventDefault();
});
// Four times a second, so that a countdown turns over within a quarter of one; texts that stay are not touched.
setInterval(() => view?.tick?.(), 250);
showLanguages();
if (key.value === undefined) askFirst();
else void open(readPlace(asked()));

/** Shows a place, unless the editor is elsewhere by the time that it is there. */
async function open(place: Place): Promise<void> {
  const mine = ++opening;
  show(undefined, element('p', { role: 'status' }, words('loading')));
  out.hidden = false;
  showTrail(part('trail'), place, undefined, context);
  const { view: made, channel } = await openView(place, context, () => ownFanToken(storage(() => localStorage), site), () => void open(place));
  if (mine !== opening || key.value === undefined) return made.close?.();
  show(made, made.root);
  showTrail(part('trail'), place, channel, context);
  document.title = `${made.title} · FanHub`;
  window.scrollTo(0, 0);
  main.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
}

function show(next: View | undefined, root: HTMLElement): void {
  view?.close?.();
  view = next;
  main.replaceChildren(root);
}

/** Goes to an address within the page, once the editor has let go of what was being written. */
async function visit(href: string): Promise<void> {
  if (!(await mayLeave())) return;
  if (href !== location.search) history.pushState(null, '', href);
  shown = location.search;
  showLanguages();
  await open(readPlace(asked()));
}

async function comeBack(): Promise<void> {
  const wanted = location.search;
  if (wanted === shown || key.value === undefined) return;
  // The address has changed already: it is set back for as long as that is not settled.
  if (view?.isDirty?.() === true) {
    history.pushState(null, '', shown === '' ? location.pathname : shown);
    return visit(wanted === '' ? location.pathname : wanted);
  }

  shown = wanted;
  showLanguages();
  await open(readPlace(asked()));
}

async function mayLeave(): Promise<boolean> {
  return view?.isDirty?.() !== true || context.confirm({ question: words('unsaved'), detail: words('unsavedDetail'), yes: words('leave') });
}

async function signOut(): Promise<void> {
  if (!(await mayLeave())) return;
  key.forget();
  askFirst();
}

/** Nobody is signed in: the page is nothing but the question for the key. */
function askFirst(): void {
  opening++;
  out.hidden = true;
  part('trail').hidden = true;
  setText(part('status'), '');
  document.title = `${words('signIn')} · FanHub`;
  const form = new SignIn(words, (text) => api.accepts(text), (text) => {
    key.set(text);
    void open(readPlace(asked()));
  });
  show(undefined, element('section', { class: 'panel narrow', 'data-view': 'sign-in' }, element('h1', { tabindex: -1 }, words('signIn')), form.root));
  form.focus();
}

/** The key is good no longer: asks for another one, once for all requests that wait for it. */
function askForKey(): Promise<boolean> {
  return (asking ??= signInAgainIn(document.body, words, (text) => api.accepts(text), (text) => key.set(text)).then((signedIn) => {
    asking = undefined;
    if (signedIn) return true;
    key.forget();
    askFirst();
    return false;
  }));
}

function showReach(reached: boolean): void {
  const status = part('status');
  status.dataset['status'] = reached ? 'online' : 'offline';
  setText(status, reached ? '' : words('offline'));
}

/** Links within the page change what it shows, without loading it again. A change of language does load it. */
function follow(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.('a');
  const href = link?.getAttribute('href');
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (!href?.startsWith('?') || link?.hasAttribute('hreflang')) return;
  event.preventDefault();
  void visit(href);
}

function showLanguages(): void {
  const links = pageLanguages.map(({ tag, name }) =>
    element('a', { href: hrefOf(readPlace(asked()), tag), lang: tag, hreflang: tag, 'aria-current': tag === words.lang ? 'true' : undefined }, name),
  );
  part('languages').replaceChildren(...links);
}

function storage(of: () => Storage): Storage | undefined {
  try {
    return of();
  } catch {
    // Forbidden by the browser's settings.
    return undefined;
  }
}
