import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheerRequest } from '../src/wire.js';
import { given } from './given.js';

test('Taps of half a second go out together, each reaction by itself', async () => {
  const { fanHub, hub, host } = await given();
  for (let i = 0; i < 3; i++) assert.equal(fanHub.cheer('demo', 'fire'), true);
  fanHub.cheer('demo', 'clap');
  await host.pass(499);
  fanHub.cheer('demo', 'fire');
  assert.deepEqual(hub.asked('Cheer'), []);
  await host.pass(1);
  assert.deepEqual(hub.asked('Cheer'), [{ channel: 'demo', reaction: 'fire', count: 4 }, { channel: 'demo', reaction: 'clap', count: 1 }]);
});

test('However fast the taps, a reaction is sent twice a second at most, and fifty at once', async () => {
  const { fanHub, hub, host } = await given();
  for (let ms = 0; ms < 10_000; ms += 5) {
    fanHub.cheer('demo', 'fire');
    await host.pass(5);
  }

  const sent = hub.asked<CheerRequest>('Cheer');
  assert.ok(sent.length >= 19 && sent.length <= 20, `${sent.length} messages in 10 s`);
  assert.ok(sent.every(({ count }) => count === 50));
});

test('Without a connection taps are lost, and so are those that were waiting', async () => {
  const { fanHub, hub, host } = await given({}, ({ host }) => (host.chance = () => 0));
  fanHub.cheer('demo', 'fire');
  hub.link.drop();
  assert.equal(fanHub.cheer('demo', 'fire'), false);
  await host.pass(60_000);
  assert.equal(fanHub.status, 'live');
  assert.deepEqual(hub.asked('Cheer'), []);
});
