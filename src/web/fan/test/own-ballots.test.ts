import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OwnBallot } from '@fanhub/client';
import { boxOf, OwnBallots } from '../src/own-ballots.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const ballot = (interaction: string, ...choices: string[]): OwnBallot => ({ interaction, choices, receipt: 'r', at: '' });

test('Each poll is asked about once, fifty at a time', async () => {
  const asked: number[] = [];
  const own = new OwnBallots({ mine: (ids) => (asked.push(ids.length), Promise.resolve([ballot('p0', 'a')])) }, () => undefined);
  const polls = Array.from({ length: 120 }, (_, i) => `p${i}`);
  own.learn(polls);
  own.learn(polls);
  await settled();
  own.learn(polls);
  assert.deepEqual(asked, [50, 50, 20]);
  assert.deepEqual(own.of('p0'), ['a']);
  assert.equal(own.of('p1'), undefined);
});

test('What could not be had is asked for again', async () => {
  let calls = 0;
  const own = new OwnBallots({ mine: () => (calls++ === 0 ? Promise.reject(new Error('no')) : Promise.resolve([ballot('p', 'b')])) }, () => undefined);
  own.learn(['p']);
  await settled();
  own.learn(['p']);
  await settled();
  assert.deepEqual(own.of('p'), ['b']);
});

test('A ballot just cast is not overtaken by an answer asked for before it', async () => {
  let answer = (_: OwnBallot[]): void => undefined;
  const own = new OwnBallots({ mine: () => new Promise((resolve) => (answer = resolve)) }, () => undefined);
  own.learn(['p']);
  own.set('p', ['new']);
  answer([ballot('p', 'old')]);
  await settled();
  assert.deepEqual(own.of('p'), ['new']);
});

test('Of a quiz the answer to the question that is on is asked for, once for each question', async () => {
  const asked: (readonly string[])[] = [];
  let on = '1';
  const own = new OwnBallots({ mine: (ids) => (asked.push(ids), Promise.resolve([{ ...ballot('q', 'a'), question: on }])) }, () => undefined);
  own.learn([boxOf('q', '1'), 'p']);
  own.learn([boxOf('q', '1')]);
  await settled();
  on = '2';
  own.learn([boxOf('q', '2')]);
  await settled();
  assert.deepEqual(asked, [['q', 'p'], ['q']]);
  assert.deepEqual([own.of(boxOf('q', '1')), own.of(boxOf('q', '2')), own.of('q')], [['a'], ['a'], undefined]);
});

test('Another fan has other ballots, also where the answer was on its way', async () => {
  let answer = (_: OwnBallot[]): void => undefined;
  const own = new OwnBallots({ mine: () => new Promise((resolve) => (answer = resolve)) }, () => undefined);
  own.set('p', ['a']);
  own.learn(['q']);
  own.forget();
  answer([ballot('q', 'old')]);
  await settled();
  assert.deepEqual([own.of('p'), own.of('q')], [undefined, undefined]);
  own.learn(['p']);
  answer([ballot('p', 'new')]);
  await settled();
  assert.deepEqual(own.of('p'), ['new']);
});
