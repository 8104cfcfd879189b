import type { TallyItem } from '@fanhub/client';

const rightToLeft = new Set(['ar', 'he', 'fa', 'ur']);

/** The direction that a language is written in. */
export function directionOf(lang: string): 'ltr' | 'rtl' {
  return rightToLeft.has(lang.split('-')[0]!.toLowerCase()) ? 'rtl' : 'ltr';
}

/** The tag as it is properly written, or undefined where it is not one that the server would take. */
export function cleanLocale(tag: string | null): string | undefined {
  if (tag === null || tag.length > 35) return undefined;
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** How many of the ballots name the option, from 0 to 1. */
export function shareOf(tally: TallyItem, option: string): number {
  return tally.ballots > 0 ? Math.min(1, (tally.counts[option] ?? 0) / tally.ballots) : 0;
}

/** The options with the highest count; none while nobody voted. */
export function leaders(tally: TallyItem): Set<string> {
  const most = Math.max(0, ...Object.values(tally.counts));
  return new Set(Object.keys(tally.counts).filter((id) => most > 0 && tally.counts[id] === most));
}

/** Time left as `1:02:03` or `2:03`, counting down to 0:00 at the very moment. */
export function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Numbers and dates as readers of a language write them. */
export class Formats {
  readonly count: (n: number) => string;
  readonly share: (n: number) => string;
  readonly moment: (ms: number) => string;
  /** The time of day, where the reader is. */
  readonly time: (ms: number) => string;
  /** The same with its date. */
  readonly timeAndDay: (ms: number) => string;
  /** A day `yyyy-mm-dd` of the event's own calendar, whatever the time is where the reader is. */
  readonly day: (day: string) => string;
  readonly dayShort: (day: string) => string;
  /** The name of the zone that times are shown in. */
  readonly zone: (ms: number) => string;

  constructor(lang: string) {
    const count = new Intl.NumberFormat(lang);
    const share = new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 0 });
    const moment = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' });
    this.count = (n) => count.format(n);
    this.share = (n) => share.format(n);
    this.moment = (ms) => moment.format(ms);
    const time = new Intl.DateTimeFormat(lang, { timeStyle: 'short' });
    const timeAndDay = new Intl.DateTimeFormat(lang, { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
    const day = new Intl.DateTimeFormat(lang, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
    const dayShort = new Intl.DateTimeFormat(lang, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
    const zone = new Intl.DateTimeFormat(lang, { hour: 'numeric', timeZoneName: 'long' });
    const ofDay = (format: Intl.DateTimeFormat, text: string): string => {
      const ms = Date.parse(`${text}T00:00:00Z`);
      return Number.isNaN(ms) ? text : format.format(ms);
    };
    this.time = (ms) => time.format(ms);
    this.timeAndDay = (ms) => timeAndDay.format(ms);
    this.day = (text) => ofDay(day, text);
    this.dayShort = (text) => ofDay(dayShort, text);
    this.zone = (ms) => zone.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? '';
  }
}
