import { Ballots, type Patience } from './ballots.js';
import { Channel, type ChannelState } from './channel.js';
import { Emitter } from './emitter.js';
import type { FanHubError } from './errors.js';
import { browserHost, deviceStorage, type Host, type KeyValueStore } from './host.js';
import { signalrLink, type LinkFactory } from './hub-link.js';
import { LiveConnection } from './live-connection.js';
import { ServerClock } from './server-clock.js';
import { Session } from './session.js';
import type { BallotReply, Notice, OwnBallot, Position, Update } from './wire.js';

export interface FanHubOptions {
  /** Where FanHub is served, for example `https://live.example.org`. */
  url: string;
  /** The language asked for, a BCP 47 tag; each item's default where absent. */
  locale?: string;
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

/** A channel as it stands, for as long as the view is open. */
export interface ChannelView {
  readonly channel: string;
  /** The items by key. The same map at every moment: read it again after a change. */
  readonly items: ReadonlyMap<string, Update>;
  /**
   * Keys of items that an update took away, since the last snapshot. An item that is missing without being named here may only not have
   * come yet: after a new epoch the snapshot arrives in parts.
   */
  readonly removed: ReadonlySet<string>;
  /** Absent before the first reply. */
  readonly position: Readonly<Position> | undefined;
  readonly state: ChannelState;
  /** Why the server refuses the channel, while `state` is `refused`. */
  readonly error: FanHubError | undefined;
  /** Calls after the items or the state changed, once for all that came together. Returns what takes the listener away. */
  onChange(listener: () => void): () => void;
  /** Calls for updates that are kept nowhere, such as cheers going by. */
  onFleeting(listener: (update: Update) => void): () => void;
  /** Ends this view; the channel is followed until its last view is closed. */
  close(): void;
}

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
  readonly #host: Host;
  readonly #channels = new Map<string, { channel: Channel; views: number }>();
  readonly #statusChanged = new Emitter<Status>();
  readonly #stale = new Set<string | undefined>();
  #locale: string | undefined;
  #status: Status = 'connecting';

  constructor(options: FanHubOptions) {
    const base = options.url.replace(/\/+$/, '');
    const storage = options.storage === undefined ? deviceStorage() : (options.storage ?? undefined);
    this.#host = options.host ?? browserHost;
    this.#locale = options.locale;
    this.#session = new Session(this.#host, `${base}/api/v1/fans/session`, storage, `fanhub.session ${base}`);
    this.#connection = new LiveConnection(this.#host, `${base}/hubs/live`, this.#session, options.makeLink ?? signalrLink);
    this.#clock = new ServerClock(this.#host, this.#connection);
    this.#ballots = new Ballots(this.#host, this.#connection);
    this.#connection.changed.on(() => this.#connectionChanged());
    this.#connection.updates.on((updates) => this.#receive(updates));
    this.#connection.notices.on((notice) => this.#notice(notice));
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
    let followed = this.#channels.get(name);
    if (followed === undefined) {
      followed = { channel: new Channel(name, this.#host, this.#connection, () => this.#locale), views: 0 };
      this.#channels.set(name, followed);
      followed.channel.changed.on(() => this.#settleStatus());
      if (this.#connection.state === 'connected') followed.channel.connected();
      this.#settleStatus();
    }

    followed.views++;
    return this.#view(followed);
  }

  /** Asks for everything again in another language; absent: in each item's default. */
  setLocale(locale: string | undefined): void {
    if (locale === this.#locale) return;
    this.#locale = locale;
    for (const { channel } of this.#channels.values()) channel.relocate();
  }

  /**
   * Casts or changes the fan's ballot, through lost connections, until there is a receipt.
   * Fails with a `FanHubError`: a code of the server's, `timeout` (it may have been counted: ask `mine`), `superseded` or `stopped`.
   */
  vote(interaction: string, choices: readonly string[], patience?: Patience): Promise<BallotReply> {
    return this.#ballots.vote(interaction, choices, patience);
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
    for (const { channel } of this.#channels.values()) channel.stop();
    this.#channels.clear();
    this.#clock.stop();
    this.#ballots.stop();
    this.#connection.stop();
  }

  #view(followed: { channel: Channel; views: number }): ChannelView {
    const { channel } = followed;
    const listening = new Set<() => void>();
    const listen = (stop: () => void): (() => void) => {
      listening.add(stop);
      return () => {
        listening.delete(stop);
        stop();
      };
    };
    let open = true;
    return {
      channel: channel.name,
      items: channel.map.items,
      removed: channel.map.removed,
      get position() {
        return channel.map.position;
      },
      get state() {
        return channel.state;
      },
      get error() {
        return channel.error;
      },
      onChange: (listener) => listen(channel.changed.on(listener)),
      onFleeting: (listener) => listen(channel.fleeting.on(listener)),
      close: () => {
        if (!open) return;
        open = false;
        for (const stop of listening) stop();
        if (--followed.views === 0) this.#unfollow(channel);
      },
    };
  }

  #unfollow(channel: Channel): void {
    channel.stop();
    this.#channels.delete(channel.name);
    this.#stale.delete(channel.name);
    this.#connection.tell('Unfollow', channel.name);
    this.#settleStatus();
  }

  #connectionChanged(): void {
    const connected = this.#connection.state === 'connected';
    this.#stale.clear();
    for (const { channel } of this.#channels.values()) {
      if (connected) channel.connected();
      else channel.lost();
    }

    if (connected) void this.#clock.measure();
    this.#settleStatus();
  }

  #receive(updates: Update[]): void {
    const byChannel = new Map<string, Update[]>();
    for (const update of updates) {
      const own = byChannel.get(update.channel);
      if (own) own.push(update);
      else byChannel.set(update.channel, [update]);
    }

    for (const [name, own] of byChannel) this.#channels.get(name)?.channel.receive(own);
  }

  #notice(notice: Notice): void {
    if (notice.code === 'stale' && (notice.channel === undefined || this.#channels.has(notice.channel))) this.#stale.add(notice.channel);
    else if (notice.code === 'fresh' && notice.channel === undefined) this.#stale.clear();
    else if (notice.code === 'fresh') this.#stale.delete(notice.channel);
    else if (notice.code === 'resync' && notice.channel !== undefined) this.#channels.get(notice.channel)?.channel.resync(notice);
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
    if (this.#stale.size > 0) return 'stale';
    const behind = [...this.#channels.values()].some(({ channel }) => channel.state === 'loading' || channel.state === 'syncing');
    return behind ? 'connecting' : 'live';
  }
}
