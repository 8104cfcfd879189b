import type { ResultEntry, ResultItem } from '@fanhub/client';

/** One line of a table: an entry, under a key that no other line has. */
export interface Line {
  readonly key: string;
  readonly entry: ResultEntry;
  /** It differs from what was there before. */
  readonly changed: boolean;
}

/** What there is to show of a result; columns that would be empty are left out. */
export interface Columns {
  readonly rank: boolean;
  readonly start: boolean;
  readonly result: boolean;
  readonly diff: boolean;
}

/** The lines of a result. @param changed competitors whose line differs. */
export function linesOf(entries: readonly ResultEntry[], changed: ReadonlySet<string>): Line[] {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const { id } = entry.competitor;
    const nth = (seen.get(id) ?? 0) + 1;
    seen.set(id, nth);
    return { key: nth === 1 ? id : `${id} ${nth}`, entry, changed: changed.has(id) };
  });
}

/**
 * The competitors whose line differs, between what the page showed and what is there now: those that the source names, and those that changed
 * in versions in between, which the page never saw.
 */
export function changedEntries(before: ResultItem | undefined, now: ResultItem): Set<string> {
  const changed = new Set(now.changes?.entries ?? []);
  if (before === undefined) return changed;
  const were = new Map(before.entries.map((entry) => [entry.competitor.id, JSON.stringify(entry)]));
  for (const entry of now.entries) if (were.get(entry.competitor.id) !== JSON.stringify(entry)) changed.add(entry.competitor.id);
  return changed;
}

/** Which columns have something in them. A start list has places on the start; once there are results, their order matters more. */
export function columnsOf(status: string, entries: readonly ResultEntry[]): Columns {
  const rank = entries.some((entry) => rankOf(entry) !== '');
  const result = entries.some((entry) => (entry.result ?? entry.mark ?? '') !== '');
  const start = entries.some((entry) => (entry.start ?? '') !== '') && (status === 'start_list' || (!rank && !result));
  return { rank, start, result, diff: entries.some((entry) => (entry.diff ?? '') !== '') };
}

/** The place as it is shown: `=2` where it is shared. */
export function rankOf(entry: ResultEntry): string {
  if (entry.rank === undefined) return entry.rankText ?? '';
  return entry.rankEqual === true ? `=${entry.rank}` : String(entry.rank);
}

/** Whether it is one against one: two sides, and parts, or a winner, to tell of. */
export function isMatch(entries: readonly ResultEntry[], periods: ResultItem['periods']): boolean {
  return entries.length === 2 && ((periods?.length ?? 0) > 0 || entries.some((entry) => entry.outcome !== undefined));
}

/** The lines to show where there is not room for all: the first ones, and those of the country that the page is about. */
export function shortened(lines: readonly Line[], most: number, organisation: string | undefined): readonly Line[] {
  if (lines.length <= most) return lines;
  return lines.filter((line, i) => i < most || line.entry.competitor.organisation === organisation);
}
