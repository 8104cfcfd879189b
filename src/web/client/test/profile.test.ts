import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanHubError } from '../src/errors.js';
import { given } from './given.js';

const keptAs = 'fanhub.session https://live.test';
const profile = { fan: 'fan-1', name: 'Fan 1234', chosen: false };
const problem = (status: number, code: string, detail: string): Response => Response.json({ code, detail }, { status });
const refusedWith = (code: string, message?: string) => (error: unknown) =>
  error instanceof FanHubError && error.code === code && (message === undefined || error.message === message);

test('The fan’s profile is asked for, and its name changed, with the session’s token', async () => {
  const { fanHub, host } = await given({}, ({ host }) => (host.answerProfile = (method) => Response.json(method === 'GET' ? profile : { ...profile, name: 'Ana', chosen: true })));
  assert.deepEqual(await fanHub.me(), profile);
  assert.equal((await fanHub.rename('Ana')).name, 'Ana');
  await fanHub.rename(null);
  assert.deepEqual(host.profileCalls, [
    { method: 'GET', token: 'token-1', body: undefined },
    { method: 'PUT', token: 'token-1', body: { name: 'Ana' } },
    { method: 'PUT', token: 'token-1', body: { name: null } },
  ]);
});

test('A name that is refused is refused with the server’s own words', async () => {
  const { fanHub } = await given({}, ({ host }) => (host.answerProfile = () => problem(400, 'invalid', 'name is taken.')));
  await assert.rejects(fanHub.rename('Staff'), refusedWith('invalid', 'name is taken.'));
});

test('A server that cannot be asked is unavailable, within a time', async () => {
  const answers = [() => Promise.reject(new TypeError('Failed to fetch')), () => new Response('<html>', { status: 502 }), () => new Promise<Response>(() => undefined)];
  const { fanHub, host } = await given({}, ({ host }) => (host.answerProfile = () => answers.shift()!()));
  for (let i = 0; i < 3; i++) {
    const refused = assert.rejects(fanHub.me(), refusedWith('unavailable'));
    await host.pass(10_000);
    await refused;
  }
});

test('A token that ended meanwhile is renewed once', async () => {
  const { fanHub, host } = await given({}, ({ host }) => (host.answerProfile = (_, token) => (token === 'token-1' ? problem(401, 'unauthorized', '') : Response.json(profile))));
  assert.equal((await fanHub.me()).name, 'Fan 1234');
  assert.deepEqual(host.sessionCalls, [undefined, 'token-1']);
});

test('Whoever is forgotten goes on as another fan, at once', async () => {
  const { fanHub, hub, host, store } = await given({}, ({ host }) => (host.answerProfile = () => new Response(null, { status: 204 })));
  await host.pass(20_000);
  await fanHub.forgetMe();
  await host.settle();
  assert.deepEqual(host.sessionCalls, [undefined, undefined], 'nothing links the new session to the old');
  assert.deepEqual([fanHub.fan, hub.link.token, fanHub.status], ['fan-2', 'token-2', 'live']);
  assert.equal(JSON.parse(store.getItem(keptAs)!).token, 'token-2');
});

test('A server that cannot forget now leaves everything as it was', async () => {
  const { fanHub, hub, host, store } = await given({}, ({ host }) => (host.answerProfile = () => problem(503, 'unavailable', 'Later.')));
  await assert.rejects(fanHub.forgetMe(), refusedWith('unavailable'));
  await host.settle();
  assert.deepEqual([fanHub.fan, hub.links.length], ['fan-1', 1]);
  assert.equal(JSON.parse(store.getItem(keptAs)!).token, 'token-1');
});

test('Who was forgotten from another device already is a new fan here, who is not forgotten as well', async () => {
  const { fanHub, host } = await given({}, ({ host }) => {
    const fresh = host.answerSession;
    host.answerSession = (earlier) => (earlier === undefined ? fresh(earlier) : new Response(null, { status: 401 }));
    host.answerProfile = (_, token) => (token === 'token-1' ? problem(401, 'unauthorized', '') : new Response(null, { status: 204 }));
  });
  await fanHub.forgetMe();
  await host.settle();
  assert.deepEqual(host.profileCalls.map((call) => call.token), ['token-1']);
  assert.equal(fanHub.fan, 'fan-3');
});
