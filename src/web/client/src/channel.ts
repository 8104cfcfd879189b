import { ChannelMap } from './channel-map.js';
import { Emitter } from './emitter.js';
import { FanHubError, isRetryable } from './errors.js';
import { HoldTimer } from './hold-timer.js';
import type { Host } from './host.js';
import type { LiveConnection } from './live-connection.js';
import { ShownItems } from './shown-items.js';
import { Backoff } from './waiting.js';
import type { FollowReply, FollowRequest, Notice, Update } from './wire.js';

/** Held while a reply is awaited; beyond it the channel is followed again rather than memory filled. */
const mostHeldBack = 2_000;
/** A channel that must be followed again this soon is not getting anywhere by hurrying. */
const hurryMs = 1_000;

/** What is asked for with every channel. */
export interface Wanted {
  readonly locale: string | undefined;
  readonly delayMs: number;
}

/** `loading` until the first reply; `syncing` while something may be missing; `refused` where the server said no, with `error`. */
export type ChannelState = 'loading' | 'ready' | 'syncing' | 'refused';

/** One followed channel: brings its map up to date and keeps it so, however often the connection changes. Shared by all its views. */
export class Channel {
  readonly changed = new Emitter<void>();
  readonly fleeting = new Emitter<Update>();
  readonly shown: ShownItems;
  readonly map: ChannelMap;

  readonly #holding: HoldTimer;
  readonly #backoff: Backoff;
  #state: ChannelState = 'loading';
  #error: FanHubError | undefined;
  /** The Follow whose reply counts; a later one, or a lost connection, makes it void. */
  #pending: { heldBack: (Update | Notice)[] } | undefined;
  #lastAsked = -Infinity;
  #cancelRetry = (): void => undefined;
  /** Whether what is held must be replaced: there is nothing, it is of another epoch, or in another language. */
  #fresh = true;

  constructor(
    readonly name: string,
    private readonly host: Host,
    private readonly connection: LiveConnection,
    private readonly wanted: () => Wanted,
    /** The fan's own moment, in Unix ms by the server's clock; `Infinity` for who sees everything at once. */
    reached: () => number,
  ) {
    this.#backoff = new Backoff(host);
    this.shown = new ShownItems(reached);
    this.map = new ChannelMap(this.shown);
    this.#holding = new HoldTimer(host, () => this.shown.next, () => this.advance());
  }

  get state(): ChannelState {
    return this.#state;
  }

  get error(): FanHubError | undefined {
    return this.#error;
  }

  /** A connection is there: asks for what was missed since the last one. */
  connected(): void {
    this.#backoff.reset();
    void this.#follow();
  }

  /** The connection is gone, and with it what was asked for on it. */
  lost(): void {
    this.#unask();
    this.#become(this.map.position === undefined ? 'loading' : 'syncing');
  }

  /** The language changed: what is held is of no more use. */
  relocate(): void {
    this.#fresh = true;
    if (this.connection.state === 'connected') void this.#follow();
  }

  /** The server is to know how far behind the fan is. What was shown stays. */
  redelay(): void {
    this.advance();
    if (this.connection.state === 'connected' && this.#state !== 'refused') void this.#follow();
  }

  /** Time went by, or the clock was set: shows what is due. */
  advance(): void {
    const changed = this.shown.advance();
    for (const update of this.shown.passed()) this.fleeting.emit(update);
    if (changed) this.changed.emit();
    this.#holding.set();
  }

  /** Nothing more is asked for or shown. */
  stop(): void {
    this.#unask();
    this.#holding.stop();
  }

  #unask(): void {
    this.#pending = undefined;
    this.#cancelRetry();
  }

  receive(updates: Update[]): void {
    if (this.#holdBack(updates)) return;
    if (this.#state === 'ready') this.#applyAll(updates);
  }

  resync(notice: Notice): void {
    if (notice.epoch === undefined || notice.offset === undefined || this.#holdBack([notice])) return;
    if (this.#state !== 'ready') return;
    this.map.resync(notice.epoch, notice.offset);
    this.changed.emit();
  }

  /** @returns whether a reply is awaited, which all this comes after. */
  #holdBack(events: readonly (Update | Notice)[]): boolean {
    if (this.#pending === undefined) return false;
    if (this.#pending.heldBack.length + events.length > mostHeldBack) {
      this.#pending = undefined;
      this.#followLater();
    } else {
      this.#pending.heldBack.push(...events);
    }

    return true;
  }

  async #follow(): Promise<void> {
    this.#cancelRetry();
    const pending = { heldBack: [] as (Update | Notice)[] };
    this.#pending = pending;
    this.#lastAsked = this.host.now();
    this.#become(this.map.position === undefined ? 'loading' : 'syncing');

    const request: FollowRequest = { channel: this.name };
    const { locale, delayMs } = this.wanted();
    if (locale !== undefined) request.locale = locale;
    if (delayMs > 0) request.delayMs = delayMs;
    if (!this.#fresh && this.map.position !== undefined) request.since = { ...this.map.position };

    let reply: FollowReply;
    try {
      reply = await this.connection.call<FollowReply>('Follow', request);
    } catch (error) {
      if (this.#pending !== pending) return;
      this.#pending = undefined;
      if (isRetryable(error)) this.#followLater();
      else this.#refuse(error);
      return;
    }

    if (this.#pending !== pending) return;
    this.#pending = undefined;
    this.#settle(reply, pending.heldBack);
  }

  #settle(reply: FollowReply, heldBack: (Update | Notice)[]): void {
    const applied = this.map.reply(reply);
    if (applied === 'hole' || applied === 'other_epoch') {
      // A reply that does not continue what is held: the whole channel is asked for.
      this.#fresh = true;
      this.#followLater();
      return;
    }

    this.#fresh = false;
    this.#state = 'ready';
    // A new epoch that the reply already is of needs no second clearing; its snapshot is older than the reply.
    const overtaken = heldBack.some((event) => 'code' in event && event.epoch !== reply.epoch);
    if (overtaken) this.#missed('other_epoch');
    else this.#applyAll(heldBack.filter((event): event is Update => 'key' in event), true);
  }

  #applyAll(updates: Update[], evenIfNothing = false): void {
    let changed = evenIfNothing;
    for (const update of updates) {
      if (update.class === 'fleeting') {
        for (const passing of this.shown.pass(update)) this.fleeting.emit(passing);
        continue;
      }

      const applied = this.map.apply(update);
      if (applied === 'hole' || applied === 'other_epoch') {
        this.#missed(applied);
        break;
      }

      changed ||= applied === 'changed';
    }

    if (changed) this.changed.emit();
    this.#holding.set();
  }

  #missed(what: 'hole' | 'other_epoch'): void {
    this.#fresh ||= what === 'other_epoch';
    if (this.host.now() - this.#lastAsked < hurryMs) {
      this.#followLater();
    } else {
      this.#backoff.reset();
      void this.#follow();
    }
  }

  #followLater(): void {
    this.#become(this.map.position === undefined ? 'loading' : 'syncing');
    this.#cancelRetry();
    this.#cancelRetry = this.host.after(this.#backoff.next(), () => void this.#follow());
  }

  #refuse(error: unknown): void {
    this.#error = error instanceof FanHubError ? error : new FanHubError('internal', String(error));
    this.#become('refused');
  }

  #become(state: ChannelState): void {
    if (this.#state === state) return;
    this.#state = state;
    if (state !== 'refused') this.#error = undefined;
    this.changed.emit();
  }
}
