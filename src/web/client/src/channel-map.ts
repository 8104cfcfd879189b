import type { FollowReply, Position, Update } from './wire.js';

/** What became of an update: `hole` and `other_epoch` mean that the channel must be followed again, with and without `since`. */
export type Applied = 'changed' | 'ignored' | 'hole' | 'other_epoch';

/** The items of one channel and the position they are true at. Knows the rules of replication and nothing of connections. */
export class ChannelMap {
  readonly #items = new Map<string, Update>();
  /** The newest that was taken of each key, removed ones too, so that something older never brings an item back. */
  readonly #newest = new Map<string, { offset: number; version: number }>();
  readonly #removed = new Set<string>();
  #position: Position | undefined;
  #snapshotUpTo = 0;

  get items(): ReadonlyMap<string, Update> {
    return this.#items;
  }

  /** Items that were there, or might have been, until an update took them away. Begins anew with each snapshot. */
  get removed(): ReadonlySet<string> {
    return this.#removed;
  }

  get position(): Position | undefined {
    return this.#position;
  }

  /** Takes the reply of `Follow`. @returns 'hole' or 'other_epoch' where a reply that claims to continue what is held does not. */
  reply(reply: FollowReply): Applied {
    if (!reply.recovered) {
      this.#restart(reply);
      for (const update of reply.updates) this.#take(update);
      return 'changed';
    }

    if (reply.epoch !== this.#position?.epoch) return 'other_epoch';
    for (const update of reply.updates) {
      const applied = this.apply(update);
      if (applied === 'hole' || applied === 'other_epoch') return applied;
    }

    return this.#position.offset < reply.offset ? 'hole' : 'changed';
  }

  /** The channel began a new epoch: the snapshot, with offsets up to this one, follows as updates. */
  resync(epoch: string, offset: number): void {
    this.#restart({ epoch, offset });
    this.#snapshotUpTo = offset;
  }

  apply(update: Update): Applied {
    const held = this.#position;
    if (update.class === 'fleeting') return 'ignored';
    if (held === undefined || update.epoch !== held.epoch) return 'other_epoch';

    const newest = this.#newest.get(update.key);
    if (update.class === 'latest') {
      if (newest !== undefined && update.version <= newest.version) return 'ignored';
      this.#take(update);
      return 'changed';
    }

    if (update.offset === held.offset + 1) {
      held.offset = update.offset;
      this.#take(update);
      return 'changed';
    }

    if (update.offset > held.offset) return 'hole';
    const ofSnapshot = update.offset <= this.#snapshotUpTo && (newest === undefined || newest.offset < update.offset);
    if (!ofSnapshot) return 'ignored';
    this.#take(update);
    return 'changed';
  }

  #restart(at: Position): void {
    this.#items.clear();
    this.#newest.clear();
    this.#removed.clear();
    this.#position = { epoch: at.epoch, offset: at.offset };
    this.#snapshotUpTo = 0;
  }

  #take(update: Update): void {
    if (update.class === 'fleeting') return;
    this.#newest.set(update.key, { offset: update.offset, version: update.version });
    if (update.data === undefined || update.data === null) {
      this.#items.delete(update.key);
      this.#removed.add(update.key);
    } else {
      this.#items.set(update.key, update);
      this.#removed.delete(update.key);
    }
  }
}
