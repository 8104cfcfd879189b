import { Ballots, type Patience } from './ballots.js';
import type { ChannelView } from './channel-view.js';
import { Cheers } from './cheers.js';
import { Emitter } from './emitter.js';
import { Followed } from './followed.js';
import { browserHost, deviceStorage, type Host, type KeyValueStore } from './host.js';
import { signalrLink, type LinkFactory } from './hub-link.js';
import { LiveConnection } from './live-connection.js';
import type { FanProfile, Standing } from './play-items.js';
import { Profile } from './profile.js';
import { ServerClock } from './server-clock.js';
import { Session } from './session.js';
import type { BallotReply, OwnBallot } from './wire.js';

export interface FanHubOptions {
  /** Where FanHub is served, for example `https://live.example.org`. */
  url: string;
  /** The language asked for, a BCP 47 tag; each item's default where absent. */
  locale?: string;
  /** How far the fan's video is behind, in ms, 0 to 600000; see `setDelay`. */
  delayMs?: number;
  /** Where the session is kept between visits: `localStorage` unless told; null keeps it in memory alone. */
  storage?: KeyValueStore | null;
  /** Replaces the browser, for tests and other platforms. */
  host?: Host;
  /** Replaces SignalR's own connection, for tests. */
  makeLink?: LinkFactory;
}

/**
 * `live`: everything followed is up to date. `connecting`: it is being brought up to date. `stale`: connected, but the server itself hears
 * nothing new for now. `offline`: no connection, and the last attempt failed; it keeps trying.
 */
export type Status = 'connecting' | 'live' | 'stale' | 'offline';

const longestDelayMs = 600_000;

/** Connects to FanHub and keeps connected until `stop` is called. */
export function createFanHub(options: FanHubOptions): FanHub {
  return new FanHub(options);
}

/** A fan's line to FanHub: channels to follow, ballots to cast, the server's time. */
export class FanHub {
  readonly #connection: LiveConnection;
  readonly #session: Session;
  readonly #clock: ServerClock;
  readonly #ballots: Ballots;
  readonly #cheers: Cheers;
  readonly #profile: Profile;
  readonly #followed: Followed;
  readonly #statusChanged = new Emitter<Status>();
  #locale: string | undefined;
  #delayMs: number;
  #status: Status = 'connecting';

  constructor(options: FanHubOptions) {
    const base = options.url.replace(/\/+$/, '');
    const storage = options.storage === undefined ? deviceStorage() : (options.storage ?? undefined);
    const host = options.host ?? browserHost;
    this.#locale = options.locale;
    this.#delayMs = withinReason(options.delayMs ?? 0);
    this.#session = new Session(host, `${base}/api/v1/fans/session`, storage, `fanhub.session ${base}`);
    this.#connection = new LiveConnection(host, `${base}/hubs/live`, this.#session, options.makeLink ?? signalrLink);
    this.#clock = new ServerClock(host, this.#connection);
    this.#ballots = new Ballots(host, this.#connection);
    this.#cheers = new Cheers(host, this.#connection);
    this.#profile = new Profile(host, `${base}/api/v1/fans/me`, this.#session);
    const wanted = () => ({ locale: this.#locale, delayMs: this.#delayMs });
    this.#followed = new Followed(host, this.#connection, wanted, () => this.#reached());
    this.#followed.changed.on(() => this.#settleStatus());
    this.#clock.changed.on(() => this.#followed.advance());
    this.#connection.changed.on(() => this.#connectionChanged());
    this.#connection.updates.on((updates) => this.#followed.receive(updates));
    this.#connection.notices.on((notice) => {
      this.#followed.notice(notice);
      this.#settleStatus();
    });
  }

  get status(): Status {
    return this.#status;
  }

  /** The fan's id, once there is a session. */
  get fan(): string | undefined {
    return this.#session.fan;
  }

  /** Calls when the status changed. Returns what takes the listener away. */
  onStatus(listener: (status: Status) => void): () => void {
    return this.#statusChanged.on(listener);
  }

  /** Follows a channel; several views of one channel share what comes over the wire. */
  follow(name: string): ChannelView {
    return this.#followed.view(name);
  }

  /** How far behind the fan is, in ms. */
  get delayMs(): number {
    return this.#delayMs;
  }

  /**
   * Shows everything as it was this long ago, so that nothing is told before the fan's video shows it; ballots are judged by it where the
   * editor allows. What was shown stays shown.
   */
  setDelay(ms: number): void {
    const delayMs = withinReason(ms);
    if (delayMs === this.#delayMs) return;
    this.#delayMs = delayMs;
    this.#followed.redelay();
  }

  /** Asks for everything again in another language; absent: in each item's default. */
  setLocale(locale: string | undefined): void {
    if (locale === this.#locale) return;
    this.#locale = locale;
    this.#followed.relocate();
  }

  /**
   * Casts or changes the fan's ballot, through lost connections, until there is a receipt.
   * Fails with a `FanHubError`: a code of the server's, `timeout` (it may have been counted: ask `mine`), `superseded` or `stopped`.
   */
  vote(interaction: string, choices: readonly string[], patience?: Patience): Promise<BallotReply> {
    return this.#ballots.vote(interaction, choices, patience);
  }

  /** Answers a question of a quiz, once and for all, as `vote` does. Never says whether it was right. */
  answer(quiz: string, question: string, choices: readonly string[], patience?: Patience): Promise<BallotReply> {
    return this.#ballots.answer(quiz, question, choices, patience);
  }

  /** Where the fan stands on a board: a quiz's id, or `predictions.{channel}`. */
  standing(board: string, patience?: Patience): Promise<Standing> {
    return this.#ballots.standing(board, patience);
  }

  /** Asks for double time in a quiz, from the next question on. Fails with `conflict` where its editor does not allow it. */
  moreTime(quiz: string, patience?: Patience): Promise<void> {
    return this.#ballots.moreTime(quiz, patience);
  }

  /** Cheers, together with the other taps of this half second. @returns false where there is no connection: then it is lost. */
  cheer(channel: string, reaction: string): boolean {
    return this.#cheers.tap(channel, reaction);
  }

  /** The fan as others see them. These three fail with a `FanHubError`; `unavailable` where the server could not be asked. */
  me(): Promise<FanProfile> {
    return this.#profile.me();
  }

  /** Takes a name; null: back to the one that was given. Fails with the server's reason where the name may not be had. */
  rename(name: string | null): Promise<FanProfile> {
    return this.#profile.rename(name);
  }

  /** Has the fan forgotten by the server and by this device, and goes on as a new one. Ballots stay counted. */
  async forgetMe(): Promise<void> {
    const { fan } = this;
    await this.#profile.forget();
    // Where the server has closed the connection, the new one may be a new fan's already.
    if (this.fan === undefined || this.fan === fan) this.#connection.restart();
  }

  /** The fan's own ballots in these interactions; those without one are left out. */
  mine(interactions: readonly string[], patience?: Patience): Promise<OwnBallot[]> {
    return this.#ballots.mine(interactions, patience);
  }

  /** Unix ms by the server's clock. */
  now(): number {
    return this.#clock.now();
  }

  /** Ends everything: the connection, the views, and the wait for unfinished votes. */
  stop(): void {
    this.#followed.stop();
    this.#cheers.drop();
    this.#clock.stop();
    this.#ballots.stop();
    this.#connection.stop();
  }

  /** Until the server was asked what time it is, nothing is let through too early. */
  #reached(): number {
    if (this.#delayMs === 0) return Infinity;
    return this.#clock.known ? this.#clock.now() - this.#delayMs : -Infinity;
  }

  #connectionChanged(): void {
    const connected = this.#connection.state === 'connected';
    if (!connected) this.#cheers.drop();
    this.#followed.connectionChanged(connected);
    if (connected) void this.#clock.measure();
    this.#settleStatus();
  }

  #settleStatus(): void {
    const status = this.#findStatus();
    if (status === this.#status) return;
    this.#status = status;
    this.#statusChanged.emit(status);
  }

  #findStatus(): Status {
    if (this.#connection.state === 'connecting') return 'connecting';
    if (this.#connection.state !== 'connected') return 'offline';
    if (this.#followed.stale) return 'stale';
    return this.#followed.behind ? 'connecting' : 'live';
  }
}

function withinReason(delayMs: number): number {
  return Number.isFinite(delayMs) ? Math.min(longestDelayMs, Math.max(0, Math.round(delayMs))) : 0;
}
