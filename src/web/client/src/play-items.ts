/** What items that fans answer, cheer with or are told carry. A field that has no value is absent. */
import type { PollOption, TallyItem, TallyVisibility } from './wire.js';

export type QuizState = 'running' | 'finished' | 'cancelled';
export type QuizScoring = 'speed' | 'accuracy' | 'floor' | (string & {});
export type QuestionState = 'open' | 'closed' | 'revealed';

/** The one question of a quiz that is on, or was last. */
export interface QuizQuestion {
  id: string;
  /** Counts from 1. */
  index: number;
  of: number;
  text: string;
  /** The text's language where it differs from the quiz's. */
  lang?: string;
  options: PollOption[];
  maxChoices: number;
  points: number;
  /** How long it takes answers. */
  seconds: number;
  opensAt: string;
  closesAt: string;
  state: QuestionState;
  /** Ids of the correct options; only once revealed, as are the two below. */
  correct?: string[];
  explanation?: string;
  tally?: TallyItem;
}

/** Data of `quiz:{id}`. */
export interface QuizItem {
  id: string;
  state: QuizState;
  title: string;
  lang?: string;
  scoring: QuizScoring;
  pace: 'manual' | 'timed' | (string & {});
  /** Points more for each correct answer in a row. */
  streakBonus: number;
  /** Whether a fan may ask for double time. */
  moreTime: boolean;
  /** How much later than the others a fan with a delayed stream may answer. */
  lateWindowMs?: number;
  /** How many questions there are. */
  of: number;
  /** Absent until the first one opens. */
  question?: QuizQuestion;
}

/** One line of a leaderboard. Equals share the rank: 1, 2, 2, 4. */
export interface LeaderboardRow {
  rank: number;
  name: string;
  score: number;
}

/** Data of `leaderboard:{board}`; the board is a quiz's id, or `predictions.{channel}`. */
export interface LeaderboardItem {
  of: string;
  /** The best, first to last. */
  top: LeaderboardRow[];
  /** How many take part. */
  participants: number;
}

export type PredictionState = 'open' | 'closed' | 'settled' | 'void' | 'cancelled';

/** Data of `prediction:{id}`. */
export interface PredictionItem {
  id: string;
  state: PredictionState;
  title: string;
  lang?: string;
  options: PollOption[];
  maxChoices: number;
  changeable: boolean;
  visibility: TallyVisibility;
  opensAt?: string;
  closesAt?: string;
  lateWindowMs?: number;
  tally?: TallyItem;
  /** What a hit is worth. */
  points: number;
  /** The unit whose result it is about, by its code. */
  unit?: string;
  /** What came true, once settled; empty where none of the options did. */
  correct?: string[];
  /** How often it was settled; more than 1 means that it was corrected. */
  settlement?: number;
}

/** Data of `announcement:{id}`. All texts are plain. */
export interface AnnouncementItem {
  id: string;
  title: string;
  text?: string;
  severity: 'info' | 'breaking' | (string & {});
  link?: string;
  /** The address of a picture. */
  image?: string;
  expiresAt?: string;
  lang?: string;
}

/** Data of `reactions:{channel}`: what can be cheered with. */
export interface ReactionsItem {
  channel: string;
  reactions: string[];
}

/** Data of `cheer:{channel}`, which goes by and is kept nowhere: taps of everybody, by reaction. */
export interface CheerItem {
  of: string;
  rates: Record<string, number>;
  /** In how much time. */
  seconds: number;
}

/** Where the fan stands on a board. */
export interface Standing {
  score: number;
  /** Absent for who has no entry. */
  rank?: number;
  /** How many take part. */
  of: number;
}

/** Answer of `GET /api/v1/fans/me`. */
export interface FanProfile {
  fan: string;
  /** What others see on leaderboards. */
  name: string;
  /** Whether the fan chose the name. */
  chosen: boolean;
  moreTime?: unknown;
}
