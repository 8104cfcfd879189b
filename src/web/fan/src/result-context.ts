import type { Announcer } from './announcer.js';
import { element } from './dom.js';
import { directionOf, type Formats } from './format.js';
import { addressOf, type Place, type ResultPlace } from './place.js';
import type { Words } from './strings.js';

/** What everything about results shares on one page. */
export interface ResultContext {
  readonly place: Place;
  readonly words: Words;
  readonly formats: Formats;
  readonly announcer: Announcer;
  /** Unix ms by the server's clock. */
  now(): number;
}

/** A link to a place of results. */
export function linkTo(context: ResultContext, kind: ResultPlace, code: string, text: string, lang?: string): HTMLElement {
  const dir = lang === undefined ? undefined : directionOf(lang);
  return element('a', { href: addressOf(context.place, kind, code), lang, dir }, text);
}

/** A country or club, as a link to what there is about it. */
export function organisationLink(context: ResultContext, code: string): HTMLElement {
  return code === '' ? element('span') : linkTo(context, 'country', code, code);
}

/** A moment where the reader is, with its date unless that is today. */
export function timeElement(context: ResultContext, iso: string): HTMLElement | string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return iso;
  const today = new Date(context.now()).toDateString() === new Date(ms).toDateString();
  return element('time', { datetime: iso }, today ? context.formats.time(ms) : context.formats.timeAndDay(ms));
}
