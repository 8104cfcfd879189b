/** What items about results carry. A field that has no value is absent. */

/** `live`, `official` and so on, as the source says it; more may come. */
export type ResultStatus =
  | 'start_list'
  | 'live'
  | 'intermediate'
  | 'unconfirmed'
  | 'unofficial'
  | 'official'
  | 'partial'
  | 'protested'
  | 'provisional'
  | (string & {});

export type MedalColour = 'gold' | 'silver' | 'bronze';

/** One of a team. */
export interface TeamMember {
  id: string;
  name: string;
}

/** A person or a team. */
export interface Competitor {
  id: string;
  name: string;
  /** The country or club, by its code. */
  organisation: string;
  members?: TeamMember[];
}

/** One line of a result. */
export interface ResultEntry {
  /** The place, from 1; absent for who has none. */
  rank?: number;
  /** The place as its source writes it, where that is no number. */
  rankText?: string;
  /** Whether others share the place. */
  rankEqual?: boolean;
  competitor: Competitor;
  /** Ready to be shown: `52.33`. */
  result?: string;
  resultType?: string;
  /** How far behind the first, ready to be shown. */
  diff?: string;
  /** Why there is no regular result: `DNS`, `DNF`, `DSQ`, … */
  mark?: string;
  medal?: MedalColour;
  /** Qualified for what comes next, as its source writes it: `Q`, `q`, … */
  qualified?: string;
  /** Won, lost, tied. */
  outcome?: 'W' | 'L' | 'T' | (string & {});
  /** The place on the start list: a lane, a number. */
  start?: string;
  /** Records that fell: `WR`, `OR`. */
  records?: string[];
}

/** A part of a match: a half, a set, an inning. */
export interface ResultPeriod {
  name: string;
  /** What each competitor scored in it, by id. */
  scores: Record<string, string>;
}

/** What differs from the version that was published before. */
export interface ResultChanges {
  /** Members of the item that differ, `entries` and `changes` apart. */
  fields: string[];
  /** Competitors whose line is new or differs, by id. */
  entries: string[];
}

/** Data of `result:{code}`: whole every time. */
export interface ResultItem {
  unit: string;
  sport: string;
  title: string;
  lang?: string;
  status: ResultStatus;
  /** When this version became true in the real world. */
  at: string;
  /** The source's own version, from 1. */
  version: number;
  /** What kind of table it is, where it is not the unit's own result. */
  table?: 'cumulative' | 'phase' | (string & {});
  /** In the order in which they are to be shown. */
  entries: ResultEntry[];
  /** How many entries there are, where not all fit into the item. */
  of?: number;
  periods?: ResultPeriod[];
  venue?: string;
  changes?: ResultChanges;
  /** Set when an official result was changed afterwards. */
  corrected?: boolean;
  /** What the source says about it, as plain text. */
  note?: string;
}

/** Data of `telemetry:{code}`: how a unit goes just now, never official. */
export interface TelemetryItem {
  unit: string;
  at: string;
  version: number;
  entries: ResultEntry[];
  periods?: ResultPeriod[];
}

/** One line of the medal table. Equal numbers share the rank: 1, 2, 2, 4. */
export interface MedalTableRow {
  organisation: string;
  gold: number;
  silver: number;
  bronze: number;
  total: number;
  rank: number;
}

/** Data of `medals:table`. */
export interface MedalTableItem {
  /** The best first. */
  organisations: MedalTableRow[];
  /** Organisations whose numbers differ from those that were published before. */
  changes?: string[];
  /** Set when medals that had been counted were taken away or moved. */
  corrected?: boolean;
  note?: string;
}

export interface EventMedal {
  medal: MedalColour;
  competitor: Competitor;
}

/** Data of `medals:{event code}`: who won the medals of an event, gold first. */
export interface EventMedalsItem {
  event: string;
  sport: string;
  title: string;
  lang?: string;
  status: ResultStatus;
  at: string;
  version: number;
  medals: EventMedal[];
  /** Set when official medals were changed afterwards. */
  corrected?: boolean;
  note?: string;
}

export type ScheduleStatus =
  | 'scheduled'
  | 'getting_ready'
  | 'running'
  | 'scheduled_break'
  | 'finished'
  | 'delayed'
  | 'cancelled'
  | 'postponed'
  | 'rescheduled'
  | 'interrupted'
  | (string & {});

/** One line of the schedule. */
export interface ScheduledUnit {
  /** The unit's code; its channel is `unit.` and the code in lower case. */
  unit: string;
  title: string;
  /** The title's language where it differs from the item's. */
  lang?: string;
  status: ScheduleStatus;
  start?: string;
  end?: string;
  venue?: string;
  /** Whether medals are won in it. */
  medal?: boolean;
}

/** Data of `schedule:{day}.{sport}`: one discipline's day, by beginning. */
export interface ScheduleItem {
  /** The day at the venue, `yyyy-mm-dd`. */
  day: string;
  sport: string;
  lang?: string;
  units: ScheduledUnit[];
}
