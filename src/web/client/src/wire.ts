/** What travels on the wire. A field that has no value is absent. */

/** A place in a channel's log: everything up to `offset`, in that life of the log, was seen. */
export interface Position {
  epoch: string;
  offset: number;
}

/** `logged`: always delivered, in order. `latest`: only the newest value matters. `fleeting`: shown if there is room, kept nowhere. */
export type DeliveryClass = 'logged' | 'latest' | 'fleeting';

/** One item of a channel took a new value, or went away (`data` absent). Absolute: it replaces what is held under `key`. */
export interface Update<T = unknown> {
  channel: string;
  epoch: string;
  /** For `logged`: this update's place in the log, from 1, without gaps. Otherwise the offset that it is newer than. */
  offset: number;
  class: DeliveryClass;
  /** The item, as `kind:id`. */
  key: string;
  kind: string;
  /** The item's own version. */
  version: number;
  /** When it became true in the real world, ISO 8601 in UTC. */
  at: string;
  data?: T | null;
}

export interface FollowRequest {
  channel: string;
  since?: Position;
  locale?: string;
  /** How far the fan's video is behind, which late answers are judged by; 0 to 600000. */
  delayMs?: number;
}

export interface FollowReply extends Position {
  channel: string;
  /** True: `updates` are what was missed. False: they are the whole channel, and what was held is to be forgotten. */
  recovered: boolean;
  updates: Update[];
}

export interface Notice {
  code: 'reconnect' | 'slow' | 'stale' | 'fresh' | 'resync' | 'session_expired' | (string & {});
  message: string;
  retryAfterMs?: number;
  channel?: string;
  epoch?: string;
  offset?: number;
}

export interface VoteRequest {
  interaction: string;
  choices: readonly string[];
  submission: string;
}

export interface AnswerRequest {
  quiz: string;
  question: string;
  choices: readonly string[];
  submission: string;
}

export interface CheerRequest {
  channel: string;
  reaction: string;
  /** How many taps, 1 to 50. */
  count: number;
}

/** What became of a ballot. Whoever holds one is in the count. */
export interface BallotReply {
  receipt: string;
  status: 'accepted' | 'changed' | 'repeated';
  at: string;
}

/** One of the fan's own ballots. */
export interface OwnBallot {
  interaction: string;
  question?: string;
  choices: string[];
  receipt: string;
  at: string;
}

/** Answer of `POST /api/v1/fans/session`. */
export interface FanSession {
  token: string;
  fan: string;
  expiresAt: string;
}

export type PollState = 'open' | 'closed' | 'revealed' | 'cancelled';
export type TallyVisibility = 'live' | 'after_vote' | 'after_close' | 'never';

export interface PollOption {
  id: string;
  label: string;
  /** The label's language where it differs from the poll's. */
  lang?: string;
}

/** Data of `poll:{id}`. */
export interface PollItem {
  id: string;
  state: PollState;
  title: string;
  lang?: string;
  options: PollOption[];
  maxChoices: number;
  changeable: boolean;
  visibility: TallyVisibility;
  opensAt?: string;
  closesAt?: string;
  lateWindowMs?: number;
  /** The final count, once everybody may see it. */
  tally?: TallyItem;
}

/** Data of `tally:{id}`. */
export interface TallyItem {
  of: string;
  /** For each option, how many ballots name it. */
  counts: Record<string, number>;
  ballots: number;
  final: boolean;
}
