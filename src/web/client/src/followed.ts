import { Channel, type Wanted } from './channel.js';
import { viewOf, type ChannelView } from './channel-view.js';
import { Emitter } from './emitter.js';
import type { Host } from './host.js';
import type { LiveConnection } from './live-connection.js';
import type { Notice, Update } from './wire.js';

/** The channels that are followed, each by one or more views, and whether what they show is current. */
export class Followed {
  /** Emits when a channel came, went, or is in another state. */
  readonly changed = new Emitter<void>();
  readonly #channels = new Map<string, { channel: Channel; views: number }>();
  readonly #stale = new Set<string | undefined>();

  constructor(
    private readonly host: Host,
    private readonly connection: LiveConnection,
    private readonly wanted: () => Wanted,
    private readonly reached: () => number,
  ) {}

  /** Whether the server itself hears nothing new, of all channels or of one that is followed. */
  get stale(): boolean {
    return this.#stale.size > 0;
  }

  /** Whether something may be missing. */
  get behind(): boolean {
    return this.#all.some((channel) => channel.state === 'loading' || channel.state === 'syncing');
  }

  view(name: string): ChannelView {
    let followed = this.#channels.get(name);
    if (followed === undefined) {
      const channel = new Channel(name, this.host, this.connection, this.wanted, this.reached);
      followed = { channel, views: 0 };
      this.#channels.set(name, followed);
      channel.changed.on(() => this.changed.emit());
      if (this.connection.state === 'connected') channel.connected();
      this.changed.emit();
    }

    const { channel } = followed;
    followed.views++;
    return viewOf(channel, () => {
      if (--followed.views === 0) this.#unfollow(channel);
    });
  }

  relocate(): void {
    for (const channel of this.#all) channel.relocate();
  }

  redelay(): void {
    for (const channel of this.#all) channel.redelay();
  }

  advance(): void {
    for (const channel of this.#all) channel.advance();
  }

  connectionChanged(connected: boolean): void {
    this.#stale.clear();
    for (const channel of this.#all) {
      if (connected) channel.connected();
      else channel.lost();
    }
  }

  receive(updates: Update[]): void {
    const byChannel = new Map<string, Update[]>();
    for (const update of updates) {
      const own = byChannel.get(update.channel);
      if (own) own.push(update);
      else byChannel.set(update.channel, [update]);
    }

    for (const [name, own] of byChannel) this.#channels.get(name)?.channel.receive(own);
  }

  notice(notice: Notice): void {
    const { code, channel } = notice;
    if (code === 'stale' && (channel === undefined || this.#channels.has(channel))) this.#stale.add(channel);
    else if (code === 'fresh' && channel === undefined) this.#stale.clear();
    else if (code === 'fresh') this.#stale.delete(channel);
    else if (code === 'resync' && channel !== undefined) this.#channels.get(channel)?.channel.resync(notice);
  }

  stop(): void {
    for (const channel of this.#all) channel.stop();
    this.#channels.clear();
  }

  get #all(): Channel[] {
    return [...this.#channels.values()].map(({ channel }) => channel);
  }

  #unfollow(channel: Channel): void {
    channel.stop();
    this.#channels.delete(channel.name);
    this.#stale.delete(channel.name);
    this.connection.tell('Unfollow', channel.name);
    this.changed.emit();
  }
}
