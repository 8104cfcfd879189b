import assert from 'node:assert/strict';
import { test } from 'node:test';
import { given } from './given.js';

const keptAs = 'fanhub.session https://live.test';
const kept = (expiresIn: number, now: number): string => JSON.stringify({ token: 'kept', fan: 'me', expiresAt: new Date(now + expiresIn).toISOString() });

test('A first visit asks for a session and keeps it', async () => {
  const { host, store } = await given();
  assert.deepEqual(host.sessionCalls, [undefined]);
  assert.equal(JSON.parse(store.getItem(keptAs)!).token, 'token-1');
});

test('A later visit uses what was kept', async () => {
  const { host, hub, fanHub } = await given({}, ({ host, store }) => store.setItem(keptAs, kept(3_600_000, host.time)));
  assert.deepEqual(host.sessionCalls, []);
  assert.equal(hub.link.token, 'kept');
  assert.equal(fanHub.fan, 'me');
});

test('A token that is about to expire is renewed for the same fan', async () => {
  const { host, hub, fanHub } = await given({}, ({ host, store }) => store.setItem(keptAs, kept(60_000, host.time)));
  assert.deepEqual(host.sessionCalls, ['kept']);
  assert.equal(hub.link.token, 'token-1');
  assert.equal(fanHub.fan, 'same-fan');
});

test('A kept token that does not get in is renewed, and dropped for a new one when it is refused', async () => {
  let tries = 0;
  const { host, hub, fanHub, store } = await given({}, ({ host, hub, store }) => {
    store.setItem(keptAs, kept(3_600_000, host.time));
    hub.accept = () => {
      if (tries++ === 0) throw new Error('WebSocket failed to connect.');
    };
    const answer = host.answerSession;
    host.answerSession = (earlier) => (earlier === undefined ? answer(earlier) : new Response(null, { status: 401 }));
  });
  await host.pass(1_000);
  assert.deepEqual(host.sessionCalls, ['kept', undefined]);
  assert.equal(hub.link.token, 'token-2');
  assert.equal(fanHub.status, 'live');
  assert.equal(JSON.parse(store.getItem(keptAs)!).token, 'token-2');
});

test('A full house is not asked again before the time it gave', async () => {
  const { host, hub, fanHub } = await given({}, ({ host }) => {
    host.chance = () => 0;
    host.answerSession = () => new Response(null, { status: 503, headers: { 'Retry-After': '7' } });
  });
  await host.pass(6_999);
  await host.nudge();
  assert.equal(host.sessionCalls.length, 1);
  assert.equal(fanHub.status, 'offline');
  await host.pass(1);
  assert.equal(host.sessionCalls.length, 2);
  assert.equal(hub.links.length, 0);
});

test('A crowd that was told the same time does not come back together', async () => {
  const { host } = await given({}, ({ host }) => {
    host.answerSession = () => new Response(null, { status: 503, headers: { 'Retry-After': '7' } });
  });
  await host.pass(7_500);
  assert.equal(host.sessionCalls.length, 1);
  await host.pass(500);
  assert.equal(host.sessionCalls.length, 2);
});

test('An expired session is renewed and the connection made again with it', async () => {
  const { host, hub, fanHub } = await given();
  await host.pass(30_000);
  hub.link.notice({ code: 'session_expired' });
  await host.settle();
  assert.deepEqual(host.sessionCalls, [undefined, 'token-1']);
  assert.equal(hub.link.token, 'token-2');
  assert.equal(fanHub.status, 'live');
});

test('A session that expires again and again is not renewed in a tight loop', async () => {
  const { host, hub } = await given();
  for (let i = 0; i < 60; i++) {
    hub.link.notice({ code: 'session_expired' });
    await host.pass(1_000);
  }

  assert.ok(host.sessionCalls.length < 9, `${host.sessionCalls.length} times in a minute`);
});

test('A page without a store works', async () => {
  const { fanHub } = await given({ storage: null });
  assert.equal(fanHub.status, 'live');
  const broken = await given({
    storage: {
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('full');
      },
      removeItem: () => undefined,
    },
  });
  assert.equal(broken.fanHub.status, 'live');
});

test('A session request that hangs, fails or answers nonsense is tried again', async () => {
  const answers = [() => new Promise<Response>(() => undefined), () => Promise.reject(new TypeError('Failed to fetch')), () => new Response('<html>')];
  const { host, fanHub } = await given({}, ({ host }) => {
    const good = host.answerSession;
    host.answerSession = (earlier) => (answers.shift() ?? (() => good(earlier)))();
  });
  await host.pass(20_000);
  assert.equal(host.sessionCalls.length, 4);
  assert.equal(fanHub.status, 'live');
});
