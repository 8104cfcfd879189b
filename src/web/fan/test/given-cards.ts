import type { AnnouncementItem, BallotReply, ChannelView, LeaderboardItem, OwnBallot, PredictionItem, QuizItem, QuizQuestion, Standing, Status, Update } from '@fanhub/client';
import { Announcer } from '../src/announcer.js';
import type { CardContext } from '../src/card-context.js';
import { Formats } from '../src/format.js';
import { Me } from '../src/me.js';
import { MoreTimes } from '../src/more-times.js';
import { OwnBallots } from '../src/own-ballots.js';
import { Standings } from '../src/standings.js';
import { wordsFor } from '../src/strings.js';
import type { FakeElement } from './fake-dom.js';

export const start = Date.parse('2026-07-01T12:00:00Z');
export const iso = (seconds: number): string => new Date(start + seconds * 1_000).toISOString();
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
export const receipt: BallotReply = { receipt: 'r', status: 'accepted', at: '' };

export const question = (index: number, parts: Partial<QuizQuestion> = {}): QuizQuestion => ({
  id: `n${index}`,
  index,
  of: 3,
  text: `Question text ${index}?`,
  options: ['a', 'b', 'c'].map((id) => ({ id, label: `Option ${id}` })),
  maxChoices: 1,
  points: 1_000,
  seconds: 20,
  opensAt: iso(0),
  closesAt: iso(20),
  state: 'open',
  ...parts,
});

export const quiz = (on?: QuizQuestion, parts: Partial<QuizItem> = {}): QuizItem => ({
  id: 'q',
  state: 'running',
  title: 'The quiz',
  lang: 'en',
  scoring: 'speed',
  pace: 'manual',
  streakBonus: 0,
  moreTime: true,
  of: 3,
  ...(on === undefined ? {} : { question: on }),
  ...parts,
});

export const prediction = (parts: Partial<PredictionItem> = {}): PredictionItem => ({
  id: 'x',
  state: 'open',
  title: 'Who wins?',
  lang: 'en',
  options: ['a', 'b', 'c'].map((id) => ({ id, label: `Option ${id}` })),
  maxChoices: 1,
  changeable: true,
  visibility: 'live',
  points: 100,
  ...parts,
});

export const announcement = (id: string, parts: Partial<AnnouncementItem> = {}): AnnouncementItem => ({ id, title: `Title ${id}`, severity: 'info', lang: 'en', ...parts });

export const board = (of: string, rows: [rank: number, name: string, score: number][], participants = rows.length): LeaderboardItem => ({
  of,
  top: rows.map(([rank, name, score]) => ({ rank, name, score })),
  participants,
});

export const item = <T>(key: string, data: T, version = 1, at = iso(0)): Update<T> => ({
  channel: 'demo',
  epoch: 'e',
  offset: version,
  class: key.startsWith('leaderboard') ? 'latest' : 'logged',
  key,
  kind: key.split(':')[0]!,
  version,
  at,
  data,
});

export const viewOf = (...updates: Update[]): ChannelView => ({ items: new Map(updates.map((one) => [one.key, one])), removed: new Set(), state: 'ready' }) as unknown as ChannelView;

export const fake = (element: unknown): FakeElement => element as FakeElement;

/** What the cards of a page share, over a hub that is played. */
export function givenCards(lang = 'en') {
  const calls: [string, ...unknown[]][] = [];
  const hub = {
    time: start,
    delayMs: 0,
    status: 'live' as Status,
    connected: true,
    ballots: [] as OwnBallot[],
    profile: { fan: 'f', name: 'Ana', chosen: true },
    /** What answers and votes are answered with. */
    cast: (): Promise<BallotReply> => Promise.resolve(receipt),
    place: (): Promise<Standing> => Promise.resolve({ score: 0, of: 0 }),
    grant: (): Promise<void> => Promise.resolve(),
    now: () => hub.time,
    vote: (...args: unknown[]) => (calls.push(['vote', ...args]), hub.cast()),
    answer: (...args: unknown[]) => (calls.push(['answer', ...args]), hub.cast()),
    standing: (...args: unknown[]) => (calls.push(['standing', ...args]), hub.place()),
    moreTime: (...args: unknown[]) => (calls.push(['moreTime', ...args]), hub.grant()),
    cheer: (...args: unknown[]) => (calls.push(['cheer', ...args]), hub.connected),
    mine: (ids: readonly string[]) => (calls.push(['mine', ids]), Promise.resolve(hub.ballots)),
    me: () => Promise.resolve(hub.profile),
    rename: (name: string | null) => (calls.push(['rename', name]), Promise.resolve({ ...hub.profile, name: name ?? 'Fan 1', chosen: name !== null })),
  };
  const news: string[] = [];
  const pauses: (() => void)[] = [];
  let render = (): void => undefined;
  const announcer = new Announcer(
    (text) => news.push(text),
    (_, run) => (pauses.push(run), () => undefined),
  );
  const context: CardContext = {
    hub,
    own: new OwnBallots(hub, () => render()),
    me: new Me(hub, () => render()),
    moreTimes: new MoreTimes(undefined),
    standings: new Standings(hub, () => render()),
    words: wordsFor([lang]),
    formats: new Formats(lang),
    announcer,
  };
  return { hub, calls, news, context, onChange: (run: () => void) => (render = run), /** The announcer's pause is over. */ pass: () => pauses.splice(0).forEach((run) => run()) };
}
