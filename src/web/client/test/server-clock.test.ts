import assert from 'node:assert/strict';
import { test } from 'node:test';
import { given } from './given.js';

/** Answers `Now` after a way there and a way back, from a clock that is this far ahead. */
function serverClock(ahead: number, ways: [number, number][]) {
  return given({}, ({ host, hub }) => {
    hub.answers['Now'] = async () => {
      const [there, back] = ways.shift() ?? [1_000, 1_000];
      await new Promise<void>((resolve) => host.after(there, resolve));
      const server = host.time + ahead;
      await new Promise<void>((resolve) => host.after(back, resolve));
      return server;
    };
  });
}

test('The quickest answer sets the clock', async () => {
  const { host, fanHub } = await serverClock(90_000, [[10, 300], [20, 22], [200, 0], [0, 500]]);
  await host.pass(3_000);
  assert.equal(fanHub.now() - host.time, 90_000 - 1);
});

test('The clock is off by at most half of the quickest round trip', async () => {
  for (const [there, back] of [[0, 100], [100, 0], [50, 50]] as const) {
    const { host, fanHub } = await serverClock(-7_000, [[there, back]]);
    await host.pass(30_000);
    assert.ok(Math.abs(fanHub.now() - host.time + 7_000) <= 50);
  }
});

test('Before the server was asked, the device is believed', async () => {
  const { host, fanHub } = await given({}, ({ hub }) => {
    hub.accept = () => {
      throw new Error('no');
    };
  });
  assert.equal(fanHub.now(), host.time);
});

test('The clock is set again from time to time', async () => {
  const { host, hub, fanHub } = await given({}, ({ hub, host }) => (hub.answers['Now'] = () => host.time));
  hub.answers['Now'] = () => host.time + 5_000;
  await host.pass(21 * 60_000);
  assert.equal(fanHub.now() - host.time, 5_000);
});

test('A server that did not say the time at first is asked again soon', async () => {
  const { host, hub, fanHub } = await given({}, ({ hub }) => (hub.answers['Now'] = () => Promise.reject(new Error('rate_limited: later'))));
  hub.answers['Now'] = () => host.time + 5_000;
  await host.pass(4_000);
  assert.equal(fanHub.now() - host.time, 5_000);
});
