import type { ScheduleItem, Update } from '@fanhub/client';

/** The schedule's days, each with its sports. */
export interface ScheduleDay {
  readonly day: string;
  readonly sports: ScheduleItem[];
}

/** The days among a channel's items, the first one first; in each the sports by code. @param sport the only one wanted, in any case of letters. */
export function daysOf(items: ReadonlyMap<string, Update>, sport?: string): ScheduleDay[] {
  const days = new Map<string, ScheduleItem[]>();
  for (const item of items.values()) {
    if (item.kind !== 'schedule') continue;
    const data = item.data as ScheduleItem;
    if (data.units.length === 0 || (sport !== undefined && data.sport.toLowerCase() !== sport.toLowerCase())) continue;
    const held = days.get(data.day);
    if (held) held.push(data);
    else days.set(data.day, [data]);
  }

  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, sports]) => ({ day, sports: sports.sort((a, b) => (a.sport < b.sport ? -1 : 1)) }));
}

/** The codes of all sports in the schedule. */
export function sportsOf(items: ReadonlyMap<string, Update>): string[] {
  const codes = [...items.values()].filter((item) => item.kind === 'schedule').map((item) => (item.data as ScheduleItem).sport);
  return [...new Set(codes)].sort();
}

/** The day to show: the one asked for if there is such a one, else today, the next one, or the last one. */
export function dayToShow(days: readonly ScheduleDay[], asked: string | undefined, today: string): string | undefined {
  const all = days.map(({ day }) => day);
  return all.find((day) => day === asked) ?? all.find((day) => day >= today) ?? all.at(-1);
}

/** The date on the reader's own calendar, `yyyy-mm-dd`. */
export function localDay(ms: number): string {
  const date = new Date(ms);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
