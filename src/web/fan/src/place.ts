/** What a page shows: `channel` is whatever a channel has; the others are the channels that results go to, by what they are for. */
export type PlaceKind = 'home' | 'channel' | 'schedule' | 'medals' | 'unit' | 'sport' | 'country';

/** Places that results have of their own. */
export type ResultPlace = Exclude<PlaceKind, 'home' | 'channel'>;

/** Where the reader is: what the address says, and the channel that it stands for. */
export interface Place {
  readonly kind: PlaceKind;
  /** The unit, the sport or the country, as its source writes it; the channel's name where it is any other. */
  readonly code: string;
  /** What to follow; empty at home. */
  readonly channel: string;
  /** Put before the name of every channel of results: a rehearsal's are its own, and links stay among them. */
  readonly prefix: string;
  /** The day of the schedule, `yyyy-mm-dd`, where one was chosen. */
  readonly day?: string;
  /** The one sport of the schedule to show. */
  readonly sport?: string;
  /** The language asked for, which links keep. */
  readonly locale?: string;
}

const longestCode = 60;
const rehearsal = /^rehearsal\.[a-z0-9_-]+\./;

/** A code as it stands in the name of a channel. */
export function inChannelName(code: string): string {
  return code.toLowerCase().replace(/[^a-z0-9._-]/g, '_').slice(0, longestCode);
}

/** Reads an address: `?channel=` is any channel; the others are short for those of results. */
export function readPlace(query: URLSearchParams): Place {
  const asked = (name: string): string => (query.get(name) ?? '').trim();
  const found = find(asked);
  const [day, sport, locale] = [asked('day'), asked('sport'), asked('locale')];
  return {
    ...found,
    ...(/^\d{4}-\d{2}-\d{2}$/.test(day) ? { day } : {}),
    ...(found.kind === 'schedule' && sport !== '' ? { sport } : {}),
    ...(locale === '' ? {} : { locale }),
  };
}

/** The address of a place of results, seen from another one: the language stays, and whoever watches a rehearsal stays in it. */
export function addressOf(from: Place, kind: ResultPlace, code = ''): string {
  const query = new URLSearchParams();
  if (from.prefix !== '') {
    query.set('channel', from.prefix + channelOf(kind, code));
  } else if (kind === 'sport' || kind === 'country') {
    query.set(kind, code);
  } else {
    query.set('view', kind);
    if (kind === 'unit') query.set('unit', code);
  }

  if (from.locale !== undefined) query.set('locale', from.locale);
  return `?${query}`;
}

/** The same place with another choice; undefined takes the choice back. */
export function withChoice(query: URLSearchParams, name: 'day' | 'sport' | 'locale' | 'delay', value: string | undefined): string {
  const changed = new URLSearchParams(query);
  if (value === undefined) changed.delete(name);
  else changed.set(name, value);
  return `?${changed}`;
}

function find(asked: (name: string) => string): Place {
  if (asked('channel') !== '') return ofChannel(asked('channel'));
  const view = asked('view');
  if (view === 'schedule' || view === 'medals') return place(view, '');
  if (view === 'unit' && asked('unit') !== '') return place('unit', asked('unit'));
  if (asked('sport') !== '') return place('sport', asked('sport').toUpperCase());
  if (asked('country') !== '') return place('country', asked('country').toUpperCase());
  return { kind: 'home', code: '', channel: '', prefix: '' };
}

function ofChannel(name: string): Place {
  const prefix = rehearsal.exec(name)?.[0] ?? '';
  const own = name.slice(prefix.length);
  if (own === 'schedule' || own === 'medals') return { kind: own, code: '', channel: name, prefix };
  const [, kind, code = ''] = /^(unit|sport|noc)\.(.+)$/.exec(own) ?? [];
  if (kind === undefined) return { kind: 'channel', code: name, channel: name, prefix };
  return { kind: kind === 'noc' ? 'country' : (kind as 'unit' | 'sport'), code: code.toUpperCase(), channel: name, prefix };
}

function place(kind: ResultPlace, code: string): Place {
  return { kind, code, channel: channelOf(kind, code), prefix: '' };
}

function channelOf(kind: ResultPlace, code: string): string {
  if (kind === 'schedule' || kind === 'medals') return kind;
  return `${kind === 'country' ? 'noc' : kind}.${inChannelName(code)}`;
}
