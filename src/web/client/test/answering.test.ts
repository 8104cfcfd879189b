import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanHubError } from '../src/errors.js';
import type { AnswerRequest, BallotReply } from '../src/wire.js';
import { given } from './given.js';

const receipt: BallotReply = { receipt: 'r', status: 'accepted', at: '2026-07-01T12:00:00Z' };
const refusedWith = (code: string) => (error: unknown) => error instanceof FanHubError && error.code === code;

test('The same answer is sent again, across connections and refusals that may pass, until there is a receipt', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Answer'] = () => new Promise(() => undefined);
  const answer = fanHub.answer('q', '1', ['b']);
  await host.settle();
  hub.answers['Answer'] = () => Promise.reject(new Error('unavailable: later'));
  hub.link.drop();
  await host.pass(5_000);
  hub.answers['Answer'] = () => ({ ...receipt, status: 'repeated' });
  await host.pass(10_000);
  assert.equal((await answer).status, 'repeated');
  const sent = hub.asked<AnswerRequest>('Answer');
  assert.ok(sent.length >= 3);
  for (const one of sent) assert.deepEqual(one, { quiz: 'q', question: '1', choices: ['b'], submission: 'submission-1' });
});

test('A refusal is final', async () => {
  const { fanHub, hub } = await given();
  for (const code of ['closed', 'not_open', 'already_voted']) {
    hub.answers['Answer'] = () => Promise.reject(new Error(`${code}: no`));
    await assert.rejects(fanHub.answer('q', '1', ['b']), refusedWith(code));
  }

  assert.equal(hub.asked('Answer').length, 3);
});

test('Answers to two questions do not disturb one another; a second one to the same takes the place of the first', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Answer'] = () => Promise.reject(new Error('unavailable: later'));
  const first = assert.rejects(fanHub.answer('q', '1', ['a']), refusedWith('superseded'));
  const other = fanHub.answer('q', '2', ['a']);
  await host.settle();
  const second = fanHub.answer('q', '1', ['b']);
  await first;
  hub.answers['Answer'] = () => receipt;
  await host.pass(10_000);
  assert.deepEqual(await Promise.all([other, second]), [receipt, receipt]);
});

test('The own standing and more time are asked for across a lost connection', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Standing'] = () => new Promise(() => undefined);
  hub.answers['MoreTime'] = () => null;
  const standing = fanHub.standing('predictions.demo');
  await host.settle();
  hub.answers['Standing'] = () => ({ score: 120, rank: 3, of: 9 });
  hub.link.drop();
  await host.pass(5_000);
  assert.deepEqual(await standing, { score: 120, rank: 3, of: 9 });
  await fanHub.moreTime('q');
  assert.deepEqual([hub.asked('Standing').at(-1), hub.asked('MoreTime')], ['predictions.demo', ['q']]);
  hub.answers['MoreTime'] = () => Promise.reject(new Error('conflict: This quiz gives everybody the same time.'));
  await assert.rejects(fanHub.moreTime('q'), refusedWith('conflict'));
});
