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

  constructor(lang: string) {
    const count = new Intl.NumberFormat(lang);
    const share = new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 0 });
    const moment = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' });
    this.count = (n) => count.format(n);
    this.share = (n) => share.format(n);
    this.moment = (ms) => moment.format(ms);
  }
}
