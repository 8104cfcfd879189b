import type { Api } from './api.js';
import { Attempts } from './attempts.js';
import type { CommandName } from './commands.js';
import { remedyFor } from './failures.js';
import { pathOf, type Channel, type Item, type ItemOf, type Kind, type Reactions } from './types.js';

interface Page<T> {
  items: T[];
  next?: string;
}

export interface Versioned<T> {
  readonly value: T;
  /** What to send as `If-Match`; undefined where the server does not say. */
  readonly tag: string | undefined;
}

/** What editors do, as requests: each change under the version that was shown, and under a key that repeats it without doing it twice. */
export class Desk {
  readonly #attempts = new Attempts();

  constructor(private readonly api: Api) {}

  async channels(): Promise<Channel[]> {
    const found: Channel[] = [];
    let cursor = '';
    do {
      const { body } = await this.api.send<Page<Channel>>('GET', `channels?limit=200${cursor}`);
      found.push(...body.items);
      cursor = body.next === undefined ? '' : `&cursor=${encodeURIComponent(body.next)}`;
    } while (cursor !== '');
    return found;
  }

  async channel(id: string): Promise<Channel> {
    return (await this.api.send<Channel>('GET', `channels/${encodeURIComponent(id)}`)).body;
  }

  /** Makes a channel (`version` undefined) or changes it. */
  async saveChannel(id: string, body: unknown, version: number | undefined): Promise<Channel> {
    // Without a version it must not exist yet: a channel of that name belongs to somebody.
    if (version === undefined && (await this.#exists(id))) throw new ChannelExists(id);
    const headers = version === undefined ? {} : { 'If-Match': `"${version}"` };
    return (await this.api.send<Channel>('PUT', `channels/${encodeURIComponent(id)}`, { body: JSON.stringify(body), headers })).body;
  }

  /** The newest of a kind in a channel; `more` where there are older ones. */
  async list<K extends Kind>(kind: K, channel: string, limit: number): Promise<{ items: ItemOf<K>[]; more: boolean }> {
    const { body } = await this.api.send<Page<ItemOf<K>>>('GET', `${pathOf[kind]}?channel=${encodeURIComponent(channel)}&limit=${limit}`);
    return { items: body.items.map((item) => ({ ...item, kind })), more: body.next !== undefined };
  }

  async get<K extends Kind>(kind: K, id: string): Promise<ItemOf<K>> {
    const { body } = await this.api.send<ItemOf<K>>('GET', addressOf(kind, id));
    return { ...body, kind };
  }

  create<K extends Kind>(kind: K, body: unknown): Promise<ItemOf<K>> {
    return this.#post(kind, pathOf[kind], JSON.stringify(body), {}, '');
  }

  async edit<K extends Kind>(item: ItemOf<K>, body: unknown): Promise<ItemOf<K>> {
    const kind = item.kind as K;
    const { body: changed } = await this.api.send<ItemOf<K>>('PUT', addressOf(kind, item.id), { body: JSON.stringify(body), headers: ifMatch(item) });
    return { ...changed, kind };
  }

  /** Tells an item its next step; `fan` is the token of the fan that this device also is. */
  tell<I extends Item>(item: I, name: CommandName, body?: unknown, fan?: string): Promise<I> {
    const headers = fan === undefined ? ifMatch(item) : { ...ifMatch(item), 'X-Fan-Token': fan };
    const text = body === undefined ? undefined : JSON.stringify(body);
    return this.#post(item.kind, `${addressOf(item.kind, item.id)}/${name}`, text, headers, String(item.version)) as Promise<I>;
  }

  async reactions(channel: string): Promise<Versioned<string[]>> {
    const { body, headers } = await this.api.send<Reactions>('GET', `cheers/${encodeURIComponent(channel)}`);
    return { value: body.reactions, tag: headers.get('ETag') ?? undefined };
  }

  async saveReactions(channel: string, reactions: readonly string[], tag: string | undefined): Promise<Versioned<string[]>> {
    const call = { body: JSON.stringify({ reactions }), headers: tag === undefined ? {} : { 'If-Match': tag } };
    const { body, headers } = await this.api.send<Reactions>('PUT', `cheers/${encodeURIComponent(channel)}`, call);
    return { value: body.reactions, tag: headers.get('ETag') ?? undefined };
  }

  export(item: Item, format: 'csv' | 'json'): Promise<{ blob: Blob; name: string | undefined }> {
    return this.api.file(`${addressOf(item.kind, item.id)}/export?format=${format}`);
  }

  /** Unix ms by the server. */
  async now(): Promise<number> {
    return (await this.api.send<{ now: number }>('GET', 'clock')).body.now;
  }

  async #exists(channel: string): Promise<boolean> {
    try {
      await this.channel(channel);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === 'not_found') return false;
      throw error;
    }
  }

  async #post<K extends Kind>(kind: K, path: string, body: string | undefined, headers: Record<string, string>, version: string): Promise<ItemOf<K>> {
    const request = JSON.stringify([path, version, body]);
    const key = this.#attempts.keyFor(request);
    try {
      const reply = await this.api.send<ItemOf<K>>('POST', path, { ...(body === undefined ? {} : { body }), headers: { ...headers, 'Idempotency-Key': key } });
      this.#attempts.settled(request);
      return { ...reply.body, kind };
    } catch (error) {
      if (remedyFor(error) !== 'again') this.#attempts.settled(request);
      throw error;
    }
  }
}

/** There is a channel of that name already. */
export class ChannelExists extends Error {}

function addressOf(kind: Kind, id: string): string {
  return `${pathOf[kind]}/${encodeURIComponent(id)}`;
}

function ifMatch(item: { version: number }): Record<string, string> {
  return { 'If-Match': `"${item.version}"` };
}
