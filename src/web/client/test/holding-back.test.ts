import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FollowReply, FollowRequest, Update } from '../src/wire.js';
import { Later, logged } from './fake-hub.js';
import { given, held, type Given } from './given.js';

const reply = (parts: Partial<FollowReply>): FollowReply => ({ channel: 'demo', epoch: 'e1', offset: 0, recovered: false, updates: [], ...parts });

/** A fan whose video is 30 s behind, at a server whose clock is 7 s ahead of the device's. */
async function givenDelayed(before?: (given: Omit<Given, 'fanHub'>) => void) {
  const parts = await given({ delayMs: 30_000 }, (made) => {
    made.hub.answers['Now'] = () => made.host.time + 7_000;
    before?.(made);
  });
  /** Becomes true now, by the server's clock. */
  const now = (update: Update, agoMs = 0): Update => ({ ...update, at: new Date(parts.host.time + 7_000 - agoMs).toISOString() });
  return { ...parts, now };
}

test('The server is told how far behind the fan is, and again when that changes', async () => {
  const { fanHub, hub, host } = await givenDelayed();
  hub.answers['Follow'] = (request: FollowRequest) => reply({ offset: 3, recovered: request.since !== undefined });
  fanHub.follow('demo');
  await host.settle();
  fanHub.setDelay(12_000);
  fanHub.setDelay(12_000);
  await host.settle();
  fanHub.setDelay(0);
  await host.settle();
  assert.deepEqual(hub.follows(), [
    { channel: 'demo', delayMs: 30_000 },
    { channel: 'demo', delayMs: 12_000, since: { epoch: 'e1', offset: 3 } },
    { channel: 'demo', since: { epoch: 'e1', offset: 3 } },
  ]);
});

test('An update is shown at its moment plus the delay by the server’s clock, while the position moves on at once', async () => {
  const { fanHub, hub, host, now } = await givenDelayed();
  const view = fanHub.follow('demo');
  await host.settle();
  let changes = 0;
  view.onChange(() => changes++);
  hub.link.updates(now(logged(1, 'quiz:a', 'question 1')));
  assert.deepEqual(held(view), {});
  assert.equal(view.position!.offset, 1);
  changes = 0;
  await host.pass(29_999);
  assert.deepEqual([held(view), changes], [{}, 0]);
  await host.pass(1);
  assert.deepEqual([held(view), changes], [{ 'quiz:a': 'question 1' }, 1]);
});

test('What is received is told at once, for those who have something to ask about it, each once', async () => {
  const { fanHub, hub, host, now } = await givenDelayed();
  hub.answers['Follow'] = () => reply({ offset: 1, updates: [now(logged(1, 'leaderboard:a', 1), 60_000)] });
  const view = fanHub.follow('demo');
  const told: unknown[] = [];
  view.onReceived((update) => told.push(update.data));
  await host.settle();
  hub.link.updates(now(logged(2, 'leaderboard:a', 2)));
  hub.link.updates(now(logged(2, 'leaderboard:a', 2)));
  await host.pass(60_000);
  assert.deepEqual(told, [1, 2]);
  view.close();
  hub.link.updates(now(logged(3, 'leaderboard:a', 3)));
  assert.equal(told.length, 2);
});

test('What is held is neither lost nor asked for again when the connection is', async () => {
  const { fanHub, hub, host, now } = await givenDelayed();
  const view = fanHub.follow('demo');
  await host.settle();
  hub.link.updates(now(logged(1, 'quiz:a', 'open')));
  await host.pass(10_000);
  hub.answers['Follow'] = () => reply({ offset: 2, recovered: true, updates: [now(logged(2, 'quiz:a', 'closed'))] });
  hub.link.drop();
  await host.pass(5_000);
  assert.deepEqual(hub.follows().at(-1), { channel: 'demo', delayMs: 30_000, since: { epoch: 'e1', offset: 1 } });
  await host.pass(14_999);
  assert.deepEqual(held(view), {});
  await host.pass(1);
  assert.deepEqual(held(view), { 'quiz:a': 'open' });
  await host.pass(15_000);
  assert.deepEqual(held(view), { 'quiz:a': 'closed' });
});

test('What is held is shown in time while there is no connection', async () => {
  const { fanHub, hub, host, now } = await givenDelayed();
  const view = fanHub.follow('demo');
  await host.settle();
  hub.link.updates(now(logged(1, 'quiz:a', 'open')));
  hub.accept = () => {
    throw new Error('no');
  };
  hub.link.drop();
  await host.pass(30_000);
  assert.deepEqual(held(view), { 'quiz:a': 'open' });
});

test('Of a snapshot only what is true for the fan already is shown', async () => {
  const { fanHub, hub, host, now } = await givenDelayed();
  hub.answers['Follow'] = () => reply({ offset: 5, updates: [now(logged(4, 'poll:a', 'long ago'), 40_000), now(logged(5, 'poll:b', 'just now'), 10_000)] });
  const view = fanHub.follow('demo');
  await host.settle();
  assert.deepEqual([held(view), view.state], [{ 'poll:a': 'long ago' }, 'ready']);
  await host.pass(20_000);
  assert.deepEqual(held(view), { 'poll:a': 'long ago', 'poll:b': 'just now' });
});

test('What vanishes in a resync vanishes now, whatever the delay', async () => {
  const { fanHub, hub, host, now } = await givenDelayed();
  hub.answers['Follow'] = () => reply({ offset: 2, updates: [now(logged(1, 'poll:a', 1), 60_000), now(logged(2, 'poll:b', 1), 60_000)] });
  const view = fanHub.follow('demo');
  await host.settle();
  hub.link.notice({ code: 'resync', channel: 'demo', epoch: 'e2', offset: 3 });
  hub.link.updates(now(logged(3, 'poll:a', 2, 'e2')));
  assert.deepEqual(held(view), { 'poll:a': 1 });
  await host.pass(30_000);
  assert.deepEqual(held(view), { 'poll:a': 2 });
});

test('Nothing is let through before the server’s clock is known, however far ahead the device’s own is', async () => {
  const clock = new Later<number>();
  const { fanHub, hub, host } = await given({ delayMs: 30_000 }, ({ hub }) => (hub.answers['Now'] = () => clock.promise));
  const server = host.time - 600_000;
  hub.answers['Follow'] = () => reply({ offset: 1, updates: [{ ...logged(1, 'poll:a', 1), at: new Date(server - 25_000).toISOString() }] });
  const view = fanHub.follow('demo');
  await host.settle();
  assert.deepEqual(held(view), {});
  clock.resolve(server);
  await host.settle();
  assert.deepEqual(held(view), {});
  await host.pass(5_000);
  assert.deepEqual(held(view), { 'poll:a': 1 });
});

test('A delay that shrinks shows what it held; one that grows takes nothing back', async () => {
  const { fanHub, hub, host, now } = await givenDelayed();
  const view = fanHub.follow('demo');
  await host.settle();
  hub.answers['Follow'] = (request: FollowRequest) => reply({ offset: request.since!.offset, recovered: true });
  hub.link.updates(now(logged(1, 'poll:a', 1)));
  await host.pass(10_000);
  fanHub.setDelay(10_000);
  assert.deepEqual(held(view), { 'poll:a': 1 });
  fanHub.setDelay(600_000);
  await host.settle();
  hub.link.updates(now(logged(2, 'poll:a', 2)));
  await host.pass(599_999);
  assert.deepEqual(held(view), { 'poll:a': 1 });
  await host.pass(1);
  assert.deepEqual(held(view), { 'poll:a': 2 });
});

test('Without a delay nothing waits for any clock, and a delay is kept within reason', async () => {
  const { fanHub, hub, host } = await given({ delayMs: -5 });
  const view = fanHub.follow('demo');
  await host.settle();
  hub.link.updates({ ...logged(1, 'poll:a', 1), at: '2099-01-01T00:00:00Z' });
  assert.deepEqual(held(view), { 'poll:a': 1 });
  for (const [asked, taken] of [[9e9, 600_000], [NaN, 0], [1.4, 1]] as const) {
    fanHub.setDelay(asked);
    assert.equal(fanHub.delayMs, taken);
  }
});

test('Closed views hold nothing any more', async () => {
  const { fanHub, hub, host, now } = await givenDelayed();
  const view = fanHub.follow('demo');
  await host.settle();
  hub.link.updates(now(logged(1, 'poll:a', 1)));
  view.close();
  const waits = host.waits.length;
  await host.pass(60_000);
  assert.ok(host.waits.length - waits < 5, 'no timer goes on');
});
