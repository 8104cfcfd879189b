import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShownItems } from '../src/shown-items.js';
import type { Update } from '../src/wire.js';
import { dice } from './dice.js';
import { latest, logged } from './fake-hub.js';

const iso = (ms: number): string => new Date(ms).toISOString();
const at = (update: Update, ms: number): Update => ({ ...update, at: iso(ms) });
const dataOf = (items: ReadonlyMap<string, Update>): Record<string, unknown> => Object.fromEntries([...items].map(([key, update]) => [key, update.data]).sort());

/** All that ever came of each key; shown is the newest that was ever due. Slow, unbounded, and right by construction. */
class PlainModel {
  readonly came = new Map<string, Update[]>();
  readonly shown = new Map<string, number>();

  take(update: Update): void {
    this.came.set(update.key, [...(this.came.get(update.key) ?? []), update]);
  }

  look(reached: number): Record<string, unknown> {
    const seen: [string, unknown][] = [];
    for (const [key, updates] of this.came) {
      const due = updates.reduce((newest, update, i) => (Date.parse(update.at) <= reached ? i : newest), -1);
      const shown = Math.max(due, this.shown.get(key) ?? -1);
      this.shown.set(key, shown);
      const data = updates[shown]?.data;
      if (data !== undefined && data !== null) seen.push([key, data]);
    }

    return Object.fromEntries(seen.sort());
  }
}

test('Whatever comes and however the delay changes, each key shows the newest whose time has come', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const roll = dice(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(roll() * from.length)]!;
    let [now, delay] = [1_000_000, pick([0, 5_000, 30_000])];
    const reached = (): number => (delay === 0 ? Infinity : now - delay);
    const shown = new ShownItems(reached);
    const model = new PlainModel();
    for (let i = 1; i < 200; i++) {
      const chance = roll();
      if (chance < 0.6) {
        // Mostly true just now; sometimes long true, or in the wrong order.
        const moment = now - pick([0, 0, 0, 0, 100, 3_000, 60_000]);
        const key = pick(['poll:a', 'quiz:b', 'result:c']);
        const update = at(logged(i, key, roll() < 0.15 ? null : `${i}`), moment);
        shown.take(update, false);
        model.take(update);
      } else if (chance < 0.95) {
        now += roll() * 8_000;
        shown.advance();
      } else {
        delay = pick([0, 1_000, 5_000, 30_000]);
        shown.advance();
      }

      assert.deepEqual(dataOf(shown.items), model.look(reached()), `seed ${seed}, step ${i}`);
    }
  }
});

test('A count that changes all the time takes a bounded place, and is shown at about its time nonetheless', () => {
  let now = 0;
  const delay = 600_000;
  const shown = new ShownItems(() => now - delay);
  for (let i = 1; now < 1_500_000; i++, now += 250) {
    shown.take(at(latest(i, 'tally:a', now), now), false);
    shown.advance();
    if (now < delay + 30_000) continue;
    const behind = now - delay - (shown.items.get('tally:a')!.data as number);
    assert.ok(behind >= 0 && behind < 30_000, `${behind} ms late at ${now}`);
  }
});

test('No state of what is logged is left out', () => {
  let now = 0;
  const shown = new ShownItems(() => now - 60_000);
  for (let i = 1; i <= 500; i++) shown.take(at(logged(i, 'result:a', i), i * 100), false);
  const seen = new Set<unknown>();
  for (; now <= 120_000; now += 100) {
    shown.advance();
    seen.add(shown.items.get('result:a')?.data);
  }

  assert.equal(seen.size, 501);
});

test('What came in the wrong order is waited for no longer than the newest needs', () => {
  const shown = new ShownItems(() => 0);
  shown.take(at(logged(1, 'result:a', 'early news'), 9_000), false);
  shown.take(at(logged(2, 'result:a', 'correction'), 4_000), false);
  assert.equal(shown.next, 4_000);
});

test('A removal waits for its time, and is told apart then', () => {
  let now = 10_000;
  const shown = new ShownItems(() => now - 5_000);
  shown.take(at(logged(1, 'announcement:a', 'x'), 1_000), false);
  shown.take(at(logged(2, 'announcement:a', null), 9_000), false);
  assert.deepEqual([[...shown.items.keys()], [...shown.removed]], [['announcement:a'], []]);
  assert.equal(shown.next, 4_000);
  now = 14_000;
  assert.equal(shown.advance(), true);
  assert.deepEqual([[...shown.items.keys()], [...shown.removed]], [[], ['announcement:a']]);
  assert.equal(shown.next, undefined);
});

test('With a snapshot, what is not in it is gone at once; what is in it and yet to come leaves in place what was there', () => {
  let now = 10_000;
  const shown = new ShownItems(() => now - 5_000);
  for (const [i, key] of ['quiz:a', 'poll:b', 'poll:c'].entries()) shown.take(at(logged(i + 1, key, `old ${key}`), 1_000), false);
  shown.take(at(logged(4, 'quiz:a', 'next'), 7_000), false);
  shown.take(at(logged(5, 'quiz:a', 'of a life that was lost'), 9_500), false);
  shown.restart();
  assert.deepEqual(dataOf(shown.items), {});
  shown.take(at(logged(2, 'quiz:a', 'after', 'e2'), 9_000), true);
  shown.take(at(logged(3, 'poll:b', 'new', 'e2'), 2_000), true);
  shown.complete();
  assert.deepEqual(dataOf(shown.items), { 'poll:b': 'new', 'quiz:a': 'old quiz:a' });
  const seen: unknown[] = [];
  for (; now < 16_000; now += 500) {
    shown.advance();
    seen.push(shown.items.get('quiz:a')!.data);
  }

  assert.deepEqual([...new Set(seen)], ['old quiz:a', 'next', 'after']);
});

test('What goes by waits for its time as well, and there is an end to it', () => {
  let now = 0;
  const shown = new ShownItems(() => now - 5_000);
  for (let i = 0; i < 1_200; i++) assert.deepEqual(shown.pass(at(latest(i, 'cheer:demo', i), i)), []);
  now = 6_199;
  assert.deepEqual(shown.passed().map((update) => update.data), Array.from({ length: 1_000 }, (_, i) => i + 200));
  assert.deepEqual(shown.passed(), []);
});
