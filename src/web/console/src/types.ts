/** What the admin API tells, as far as the console shows it. A member without a value is absent. */

/** A text by language (BCP 47). */
export type Texts = Record<string, string>;

export const kinds = ['poll', 'quiz', 'prediction', 'announcement'] as const;

/** What a channel can hold that editors make here. */
export type Kind = (typeof kinds)[number];

export interface Channel {
  id: string;
  title: Texts;
  defaultLocale: string;
  requiredLocales: string[];
  version: number;
}

export interface Option {
  id: string;
  label: Texts;
}

export interface Tally {
  counts: Record<string, number>;
  ballots: number;
}

/** What a sealed box was found to hold. */
export interface CertifiedResult extends Tally {
  changed: number;
  repeated: number;
  late: number;
  refused: number;
  certifiedAt: string;
  digest: string;
  mismatch?: unknown;
}

interface Entry {
  id: string;
  channel: string;
  state: string;
  version: number;
  title: Texts;
  opensAt?: string;
  createdAt: string;
  updatedAt: string;
}

/** What a poll and a prediction have in common. */
interface Asked extends Entry {
  options: Option[];
  maxChoices: number;
  changeable: boolean;
  visibility: string;
  closesAt?: string;
  seconds?: number;
  lateWindowMs: number;
  result?: CertifiedResult;
  tally?: Tally;
}

export interface Poll extends Asked {
  kind: 'poll';
}

/** One decision about a prediction; `void` ones have nothing correct. */
export interface Settlement {
  number: number;
  correct?: string[];
  void?: boolean;
  at: string;
  by?: string;
}

export interface Prediction extends Asked {
  kind: 'prediction';
  points: number;
  unit?: string;
  settlements?: Settlement[];
}

export interface Question {
  id: string;
  text: Texts;
  options: Option[];
  correct: string[];
  maxChoices: number;
  points: number;
  seconds: number;
  explanation?: Texts;
  state: 'pending' | 'open' | 'closed' | 'revealed' | (string & {});
  opensAt?: string;
  closesAt?: string;
  result?: CertifiedResult;
  tally?: Tally;
}

export interface Quiz extends Entry {
  kind: 'quiz';
  scoring: string;
  streakBonus: number;
  pace: string;
  pauseSeconds: number;
  moreTime: boolean;
  lateWindowMs: number;
  /** Which question it is at, from 1. */
  current?: number;
  questions: Question[];
}

export interface Announcement extends Entry {
  kind: 'announcement';
  text?: Texts;
  severity: string;
  link?: string;
  image?: string;
  expiresAt?: string;
}

export type Item = Poll | Quiz | Prediction | Announcement;

/** Which kind it is comes from where it was asked for. */
export type ItemOf<K extends Kind> = Extract<Item, { kind: K }>;

export interface Reactions {
  channel: string;
  reactions: string[];
}

/** The part of the API's address for each kind. */
export const pathOf: Record<Kind, string> = { poll: 'polls', quiz: 'quizzes', prediction: 'predictions', announcement: 'announcements' };
