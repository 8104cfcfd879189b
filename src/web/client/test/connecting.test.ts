import assert from 'node:assert/strict';
import { test } from 'node:test';
import { given } from './given.js';

const refuse = (): never => {
  throw new Error('WebSocket failed to connect.');
};

test('The connection goes to the hub with the session token', async () => {
  const { hub, fanHub } = await given();
  assert.equal(hub.link.url, 'https://live.test/hubs/live');
  assert.equal(hub.link.token, 'token-1');
  assert.equal(fanHub.status, 'live');
  assert.equal(fanHub.fan, 'fan-1');
});

test('The very first connection is tried for ever, with waits that double up to 20 s', async () => {
  const { host, hub, fanHub } = await given({}, ({ hub }) => (hub.accept = refuse));
  assert.equal(fanHub.status, 'offline');
  await host.pass(3_600_000);
  const waits = host.waits.filter((ms) => ms < 15_000.5 ? [1, 2, 4, 8].some((s) => Math.abs(ms - s * 1_000) < 1) : Math.abs(ms - 20_000) < 1 || Math.abs(ms - 16_000) < 1);
  assert.deepEqual(waits.slice(0, 7).map(Math.round), [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
  assert.ok(hub.links.length > 170 && hub.links.length < 190, `${hub.links.length} attempts in an hour`);
  hub.accept = () => undefined;
  await host.pass(20_000);
  assert.equal(fanHub.status, 'live');
});

test('Waits are spread from nothing to the whole', async () => {
  for (const chance of [0, 0.25, 0.5]) {
    const { host, hub } = await given({}, ({ host }) => (host.chance = () => chance));
    hub.link.drop();
    await host.settle();
    const began = host.time;
    await host.pass(chance * 1_000);
    assert.equal(hub.links.length, 2, `after ${host.time - began} ms`);
  }
});

test('A connection that never comes about is given up', async () => {
  const { host, hub } = await given({}, ({ hub }) => (hub.accept = () => new Promise<void>(() => undefined)));
  hub.accept = () => undefined;
  await host.pass(14_000);
  assert.equal(hub.links.length, 1);
  await host.pass(3_000);
  assert.equal(hub.links.length, 2);
});

test('A connection that always breaks at once is not tried in a tight loop', async () => {
  const { host, hub } = await given();
  for (let i = 0; i < 60; i++) {
    hub.link.drop();
    await host.pass(1_000);
  }

  assert.ok(hub.links.length < 9, `${hub.links.length} connections in a minute`);
});

test('A drain moves the fan at the moment it was given, at once', async () => {
  const { host, hub, fanHub } = await given();
  await host.pass(30_000);
  hub.link.notice({ code: 'reconnect', retryAfterMs: 4_000 });
  await host.pass(3_999);
  assert.equal(hub.links.length, 1);
  await host.pass(1);
  assert.equal(hub.links.length, 2);
  assert.equal(fanHub.status, 'live');
  assert.equal(hub.links[0]!.open, false);
});

test('A drain notice of an earlier connection does not end the next', async () => {
  const { host, hub } = await given();
  await host.pass(30_000);
  hub.link.notice({ code: 'reconnect', retryAfterMs: 4_000 });
  hub.link.drop();
  await host.pass(60_000);
  assert.equal(hub.links.length, 2);
});

test('A slow connection comes back no earlier than told', async () => {
  const { host, hub } = await given({}, ({ host }) => (host.chance = () => 0));
  await host.pass(30_000);
  hub.link.notice({ code: 'slow', retryAfterMs: 2_000 });
  hub.link.drop();
  await host.pass(1_999);
  assert.equal(hub.links.length, 1);
  await host.pass(1);
  assert.equal(hub.links.length, 2);
});

test('When the network is back the next try is made at once', async () => {
  const { host, hub, fanHub } = await given({}, ({ hub }) => (hub.accept = refuse));
  await host.pass(60_000);
  hub.accept = () => undefined;
  await host.nudge();
  assert.equal(fanHub.status, 'live');
});

test('A connection that does not answer when the page is looked at again is replaced', async () => {
  const { host, hub } = await given();
  await host.pass(30_000);
  await host.nudge();
  await host.pass(10_000);
  assert.equal(hub.links.length, 1, 'one that answers is kept');
  hub.answers['Now'] = () => new Promise(() => undefined);
  await host.nudge();
  await host.pass(5_000);
  assert.equal(hub.links.length, 2);
});

test('Stopped is stopped', async () => {
  const { host, hub, fanHub } = await given();
  fanHub.follow('demo');
  fanHub.stop();
  await host.pass(120_000);
  assert.equal(hub.links.length, 1);
  assert.equal(hub.link.open, false);
});
