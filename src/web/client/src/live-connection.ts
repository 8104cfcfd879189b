import { Emitter } from './emitter.js';
import { ConnectionLost, FanHubError, readHubError, SessionUnavailable } from './errors.js';
import type { Host } from './host.js';
import type { HubLink, LinkFactory } from './hub-link.js';
import type { Session } from './session.js';
import { Backoff, within } from './waiting.js';
import type { Notice, Update } from './wire.js';

const startWithinMs = 15_000;
const answerWithinMs = 10_000;
const probeWithinMs = 5_000;
/** A connection that lasted this long was a good one: the next try comes early again. */
const settledAfterMs = 10_000;

/** Where the connection is: `offline` from the first attempt that failed until one succeeds. */
export type ConnectionState = 'connecting' | 'connected' | 'offline' | 'stopped';

/** How a connection came to its end, and how long to stay away. */
interface Ending {
  atOnce: boolean;
  notBeforeMs: number;
}

/** Keeps one hub connection up for as long as it is wanted. It never gives up, and it never hurries with the crowd. */
export class LiveConnection {
  readonly changed = new Emitter<ConnectionState>();
  readonly updates = new Emitter<Update[]>();
  readonly notices = new Emitter<Notice>();

  readonly #backoff: Backoff;
  readonly #stopNudges: () => void;
  #state: ConnectionState = 'connecting';
  #link: HubLink | undefined;
  #end: ((ending: Ending) => void) | undefined;
  #wake: (() => void) | undefined;
  #notBefore = 0;
  #probing = false;

  constructor(
    private readonly host: Host,
    private readonly url: string,
    private readonly session: Session,
    private readonly makeLink: LinkFactory,
  ) {
    this.#backoff = new Backoff(host);
    this.#stopNudges = host.onNudge(() => this.#nudge());
    void this.#run();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Calls a hub method. Fails with `FanHubError` where the server refused, with `ConnectionLost` where the answer did not come. */
  async call<T>(method: string, ...args: unknown[]): Promise<T> {
    const link = this.#link;
    if (link === undefined) throw new ConnectionLost('there is no connection');
    try {
      return await within(this.host, answerWithinMs, link.invoke<T>(method, ...args), method);
    } catch (error) {
      const refused = readHubError(error);
      if (refused?.code === 'session_expired') this.#renewSession();
      if (refused !== undefined) throw refused;
      if (error instanceof ConnectionLost || link !== this.#link) throw new ConnectionLost(String(error));
      throw new FanHubError('internal', error instanceof Error ? error.message : String(error));
    }
  }

  /** Tells the server something that needs no answer. */
  tell(method: string, ...args: unknown[]): void {
    this.#link?.send(method, ...args).catch(() => undefined);
  }

  /** Connects anew, at once, with the session as it is now. */
  restart(): void {
    this.#end?.({ atOnce: true, notBeforeMs: 0 });
  }

  /** Ends it for good. */
  stop(): void {
    this.#stopNudges();
    this.#enter('stopped');
    this.#end?.({ atOnce: true, notBeforeMs: 0 });
    this.#wake?.();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const began = this.host.now();
      const ending = await this.#oneConnection();
      if (this.#stopped) return;

      const settled = ending.connected && this.host.now() - began >= settledAfterMs;
      if (settled) this.#backoff.reset();
      this.#enter(ending.connected ? 'connecting' : 'offline');
      if (!(settled && ending.atOnce)) await this.#rest(ending.notBeforeMs);
    }
  }

  /** Connects and stays until the connection ends, however it does. */
  async #oneConnection(): Promise<Ending & { connected: boolean }> {
    let link: HubLink;
    let ended: Promise<Ending>;
    let end: (ending: Ending) => void;
    try {
      const token = await this.session.token();
      if (this.#stopped) return { connected: false, atOnce: true, notBeforeMs: 0 };
      link = this.makeLink(this.url, token);
      ended = new Promise((resolve) => (end = this.#listen(link, resolve)));
      await within(this.host, startWithinMs, link.start(), 'connecting').catch((error: unknown) => {
        // A browser does not say why a WebSocket was refused. Asking for the session tells: 401 for a token gone bad, 503 for a full house.
        this.session.doubt();
        void this.#discard(link);
        throw error;
      });
    } catch (error) {
      return { connected: false, atOnce: false, notBeforeMs: error instanceof SessionUnavailable ? error.retryAfterMs : 0 };
    }

    if (this.#stopped) {
      void this.#discard(link);
      return { connected: true, atOnce: true, notBeforeMs: 0 };
    }

    this.#link = link;
    this.#end = end!;
    this.#enter('connected');
    const ending = await ended;
    void this.#discard(link);
    return { connected: true, ...ending };
  }

  /** @returns what ends this connection, and only this one. */
  #listen(link: HubLink, finish: (ending: Ending) => void): (ending: Ending) => void {
    let floor = 0;
    let cancelMove = (): void => undefined;
    const end = (ending: Ending): void => {
      cancelMove();
      if (this.#link === link) {
        this.#link = undefined;
        this.#end = undefined;
        this.#enter('connecting');
      }

      finish(ending);
    };
    link.onclose(() => end({ atOnce: false, notBeforeMs: floor }));
    link.on('updates', (updates: Update[]) => {
      if (this.#link === link) this.updates.emit(updates);
    });
    link.on('notice', (notice: Notice) => {
      if (this.#link !== link) return;
      if (notice.code === 'reconnect') {
        // The server gives everybody another moment, so that moving needs no spreading of our own.
        cancelMove();
        cancelMove = this.host.after(notice.retryAfterMs ?? 0, () => end({ atOnce: true, notBeforeMs: 0 }));
      } else if (notice.code === 'slow') {
        floor = notice.retryAfterMs ?? 0;
      } else if (notice.code === 'session_expired') {
        this.#renewSession();
      }

      this.notices.emit(notice);
    });
    return end;
  }

  #renewSession(): void {
    this.session.doubt();
    this.#end?.({ atOnce: true, notBeforeMs: 0 });
  }

  /** Waits out the backoff; a nudge cuts it short, but not the time that the server asked for. */
  async #rest(notBeforeMs: number): Promise<void> {
    this.#notBefore = this.host.now() + notBeforeMs;
    await new Promise<void>((resolve) => {
      const cancel = this.host.after(notBeforeMs + this.#backoff.next(), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = undefined;
  }

  /** The network may be back, or gone, or the device was asleep: try now, or find out whether the connection is still one. */
  #nudge(): void {
    if (this.#wake !== undefined && this.host.now() >= this.#notBefore) this.#wake();
    const link = this.#link;
    if (link === undefined || this.#probing) return;
    this.#probing = true;
    within(this.host, probeWithinMs, link.invoke('Now'), 'a sign of life')
      .catch((error: unknown) => {
        if (error instanceof ConnectionLost && this.#link === link) this.#end?.({ atOnce: true, notBeforeMs: 0 });
      })
      .finally(() => (this.#probing = false));
  }

  async #discard(link: HubLink): Promise<void> {
    try {
      await link.stop();
    } catch {
      return;
    }
  }

  get #stopped(): boolean {
    return this.#state === 'stopped';
  }

  #enter(state: ConnectionState): void {
    if (this.#state === state || this.#stopped) return;
    this.#state = state;
    this.changed.emit(state);
  }
}
