import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanHubError, type ChannelView } from '@fanhub/client';
import { FollowUntilThere } from '../src/follow-until-there.js';

function given() {
  const waits: { ms: number; run: () => void; off: boolean }[] = [];
  const fresh = (): { state: string; error: FanHubError | undefined; changed: () => void; closed: boolean } => ({ state: 'loading', error: undefined, changed: () => undefined, closed: false });
  let view = fresh();
  let follows = 0;
  const hub = {
    follow: () => {
      follows++;
      const own = (view = fresh());
      return Object.assign(own, { onChange: (listener: () => void) => ((own.changed = listener), () => undefined), close: () => (own.closed = true) }) as unknown as ChannelView;
    },
  };
  const followed = new FollowUntilThere(hub, 'noc.qqq', () => undefined, (ms, run) => {
    const wait = { ms, run, off: false };
    waits.push(wait);
    return () => void (wait.off = true);
  }, () => 1);
  const refuse = (code: string): void => {
    Object.assign(view, { state: 'refused', error: new FanHubError(code, '') });
    view.changed();
  };
  return { followed, waits, refuse, view: () => view, follows: () => follows };
}

test('A channel that does not exist yet is looked for again, each time a little later', () => {
  const { waits, refuse, follows } = given();
  for (let i = 0; i < 8; i++) {
    refuse('not_found');
    waits.at(-1)!.run();
  }

  assert.deepEqual(waits.map((wait) => wait.ms), [3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000, 60_000]);
  assert.equal(follows(), 9);
});

test('Being told twice that there is none makes one attempt, and the old view is closed', () => {
  const { waits, refuse, view } = given();
  const first = view();
  refuse('not_found');
  refuse('not_found');
  assert.equal(waits.length, 1);
  waits[0]!.run();
  assert.equal(first.closed, true);
});

test('A name that can never be one, or a page that was left, is not looked for', () => {
  const { waits, refuse } = given();
  refuse('invalid');
  assert.equal(waits.length, 0);
  const other = given();
  other.refuse('not_found');
  other.followed.close();
  assert.equal(other.waits[0]!.off, true);
});
