import { Emitter } from './emitter.js';
import type { ShownItems } from './shown-items.js';
import type { FollowReply, Position, Update } from './wire.js';

/** What became of an update: `hole` and `other_epoch` mean that the channel must be followed again, with and without `since`. */
export type Applied = 'changed' | 'ignored' | 'hole' | 'other_epoch';

/** The position that one channel's items are true at, and what was taken of each. Knows the rules of replication and nothing of connections. */
export class ChannelMap {
  /** Emits what is taken, whether it is shown yet or not. */
  readonly taken = new Emitter<Update>();
  /** The newest that was taken of each key, removed ones too, so that something older never brings an item back. */
  readonly #newest = new Map<string, { offset: number; version: number }>();
  #position: Position | undefined;
  #snapshotUpTo = 0;

  /** @param shown where what is taken goes: there it may wait for its moment, while the position moves on. */
  constructor(private readonly shown: ShownItems) {}

  get position(): Position | undefined {
    return this.#position;
  }

  /** Takes the reply of `Follow`. @returns 'hole' or 'other_epoch' where a reply that claims to continue what is held does not. */
  reply(reply: FollowReply): Applied {
    if (!reply.recovered) {
      this.#restart(reply);
      for (const update of reply.updates) this.#take(update, true);
      this.shown.complete();
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
      this.#take(update, update.offset <= this.#snapshotUpTo);
      return 'changed';
    }

    if (update.offset === held.offset + 1) {
      held.offset = update.offset;
      this.#take(update, false);
      return 'changed';
    }

    if (update.offset > held.offset) return 'hole';
    const ofSnapshot = update.offset <= this.#snapshotUpTo && (newest === undefined || newest.offset < update.offset);
    if (!ofSnapshot) return 'ignored';
    this.#take(update, true);
    return 'changed';
  }

  #restart(at: Position): void {
    this.shown.restart();
    this.#newest.clear();
    this.#position = { epoch: at.epoch, offset: at.offset };
    this.#snapshotUpTo = 0;
  }

  #take(update: Update, ofSnapshot: boolean): void {
    if (update.class === 'fleeting') return;
    this.#newest.set(update.key, { offset: update.offset, version: update.version });
    this.shown.take(update, ofSnapshot);
    this.taken.emit(update);
  }
}
