import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanHubError } from '../src/errors.js';
import type { BallotReply } from '../src/wire.js';
import { Later } from './fake-hub.js';
import { given } from './given.js';

const receipt: BallotReply = { receipt: 'r', status: 'accepted', at: '2026-07-01T12:00:00Z' };
const refusedWith = (code: string) => (error: unknown) => error instanceof FanHubError && error.code === code;

test('A vote gets its receipt', async () => {
  const { fanHub, hub } = await given();
  hub.answers['Vote'] = () => receipt;
  assert.deepEqual(await fanHub.vote('p', ['a', 'b']), receipt);
  assert.deepEqual(hub.votes(), [{ interaction: 'p', choices: ['a', 'b'], submission: 'submission-1' }]);
});

test('The same submission is sent again on the next connection', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Vote'] = () => new Promise(() => undefined);
  const vote = fanHub.vote('p', ['a']);
  await host.settle();
  hub.answers['Vote'] = () => ({ ...receipt, status: 'repeated' });
  hub.link.drop();
  await host.pass(3_000);
  assert.equal((await vote).status, 'repeated');
  assert.deepEqual(hub.votes().map((v) => v.submission), ['submission-1', 'submission-1']);
});

for (const code of ['unavailable', 'rate_limited']) {
  test(`The same submission is sent again when the answer is ${code}`, async () => {
    const { fanHub, hub, host } = await given();
    hub.answers['Vote'] = () => Promise.reject(new Error(`An unexpected error occurred invoking 'Vote' on the server. HubException: ${code}: later`));
    const vote = fanHub.vote('p', ['a']);
    await host.pass(10_000);
    assert.ok(hub.votes().length >= 3 && hub.votes().length <= 5, `${hub.votes().length} times`);
    hub.answers['Vote'] = () => receipt;
    await host.pass(10_000);
    assert.deepEqual(await vote, receipt);
    assert.equal(new Set(hub.votes().map((v) => v.submission)).size, 1);
  });
}

test('A session that expired is renewed before the vote is sent again', async () => {
  const { fanHub, hub, host } = await given();
  await host.pass(30_000);
  hub.answers['Vote'] = () => (hub.link.token === 'token-1' ? Promise.reject(new Error('session_expired: renew')) : receipt);
  const vote = fanHub.vote('p', ['a']);
  await host.pass(5_000);
  assert.deepEqual(await vote, receipt);
  assert.equal(hub.link.token, 'token-2');
});

test('A refusal is final', async () => {
  const { fanHub, hub } = await given();
  hub.answers['Vote'] = () => Promise.reject(new Error('closed: This poll takes no more votes.'));
  await assert.rejects(fanHub.vote('p', ['a']), { code: 'closed', message: 'This poll takes no more votes.' });
  assert.equal(hub.votes().length, 1);
});

test('A failure without a code is final and called internal', async () => {
  const { fanHub, hub } = await given();
  hub.answers['Vote'] = () => Promise.reject(new Error("An unexpected error occurred invoking 'Vote' on the server."));
  await assert.rejects(fanHub.vote('p', ['a']), refusedWith('internal'));
});

test('A vote waits for a connection, and not for ever', async () => {
  const { fanHub, hub, host } = await given({}, ({ hub }) => {
    hub.accept = () => {
      throw new Error('no');
    };
  });
  const vote = assert.rejects(fanHub.vote('p', ['a']), refusedWith('timeout'));
  const brief = assert.rejects(fanHub.vote('q', ['a'], { timeoutMs: 5_000 }), refusedWith('timeout'));
  await host.pass(5_000);
  await brief;
  await host.pass(55_000);
  await vote;
  assert.equal(hub.votes().length, 0);
});

test('A call that gets no answer is sent again on the connection that is there', async () => {
  const { fanHub, hub, host } = await given();
  const never = new Later<BallotReply>();
  hub.answers['Vote'] = () => never.promise;
  const vote = fanHub.vote('p', ['a']);
  await host.pass(9_000);
  assert.equal(hub.votes().length, 1);
  hub.answers['Vote'] = () => receipt;
  await host.pass(3_000);
  assert.deepEqual(await vote, receipt);
});

test('A later vote for the same interaction takes the place of an unfinished one', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Vote'] = () => Promise.reject(new Error('unavailable: later'));
  const first = assert.rejects(fanHub.vote('p', ['a']), refusedWith('superseded'));
  const other = fanHub.vote('q', ['a']);
  await host.settle();
  const second = fanHub.vote('p', ['b']);
  await first;
  hub.answers['Vote'] = () => receipt;
  await host.pass(5_000);
  await Promise.all([second, other]);
  assert.deepEqual(hub.votes().filter((v) => v.interaction === 'p').at(-1), { interaction: 'p', choices: ['b'], submission: 'submission-3' });
  const ofFirst = hub.votes().filter((v) => v.submission === 'submission-1').length;
  await host.pass(60_000);
  assert.equal(hub.votes().filter((v) => v.submission === 'submission-1').length, ofFirst);
});

test('Stopping ends the wait', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Vote'] = () => new Promise(() => undefined);
  const vote = assert.rejects(fanHub.vote('p', ['a']), refusedWith('stopped'));
  await host.settle();
  fanHub.stop();
  await vote;
});

test('Own ballots are asked for, also across a lost connection', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Mine'] = () => new Promise(() => undefined);
  const mine = fanHub.mine(['p', 'q']);
  await host.settle();
  hub.answers['Mine'] = () => [{ interaction: 'p', choices: ['a'], receipt: 'r', at: '' }];
  hub.link.drop();
  await host.pass(5_000);
  assert.equal((await mine)[0]!.interaction, 'p');
  assert.deepEqual(hub.asked('Mine').at(-1), ['p', 'q']);
});
